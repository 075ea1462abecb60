package org.rowmill.mounter.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.rowmill.schemas.Threads;

/**
 * The program of ProxyCommand, as a socket: what is written goes to its standard input, what it prints is read. Closing
 * the socket ends the program and the programs that it has started.
 */
final class ProxyProcess extends Socket {

    private static final int ERROR_BYTES = 8 << 10;
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private final Process process;
    private final InetAddress localAddress;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private ProxyProcess(Process process, InetAddress localAddress) {
        this.process = process;
        this.localAddress = localAddress;
        Threads.startDaemon("ssh-proxy-errors " + process.pid(), this::readErrors);
    }

    /**
     * Starts the program with the user's shell, as ssh does, but without a terminal: it could only wait there for an
     * answer, and Ctrl-C would end it before the run.
     *
     * @param command for the shell
     * @param host where the program connects to; decides which address of the head is the nearest
     */
    static ProxyProcess start(String command, String host, int port) throws IOException {
        List<String> words = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(path -> words.add(path.toString()));
        String shell = Optional.ofNullable(System.getenv("SHELL"))
                .filter(name -> !name.isBlank())
                .orElse("/bin/sh");
        words.addAll(List.of(shell, "-c", "exec " + command));
        InetAddress nearest = nearest(host, port);
        return new ProxyProcess(new ProcessBuilder(words).start(), nearest);
    }

    /** Returns the head's address on the route to a host. No packet is sent. */
    private static InetAddress nearest(String host, int port) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port));
            return socket.getLocalAddress();
        } catch (IOException | RuntimeException e) {
            return ofThisComputer();
        }
    }

    private static InetAddress ofThisComputer() {
        try {
            return InetAddress.getLocalHost();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress();
        }
    }

    private void readErrors() {
        try (InputStream in = process.getErrorStream()) {
            byte[] buffer = new byte[1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (errors) {
                    if (errors.size() < ERROR_BYTES) {
                        errors.write(buffer, 0, count);
                    }
                }
            }
        } catch (IOException e) {
            // The program has ended.
        }
    }

    /** Describes how the program has ended: its exit code and what it printed to standard error. */
    String end() throws InterruptedException {
        String how = process.waitFor(1, TimeUnit.SECONDS) ? "ended with exit code " + process.exitValue() : "runs";
        String printed;
        synchronized (errors) {
            printed = errors.toString(StandardCharsets.UTF_8);
        }
        List<String> lines = printed.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.isEmpty()
                ? how
                : how + ": " + String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    @Override
    public InputStream getInputStream() {
        return process.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
        return process.getOutputStream();
    }

    @Override
    public InetAddress getLocalAddress() {
        return localAddress;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        // A pipe does not delay.
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        // The login has its own time limits.
    }

    @Override
    public synchronized void close() throws IOException {
        Stream<ProcessHandle> children = process.descendants();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        super.close();
    }
}
