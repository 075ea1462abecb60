package org.rowmill.mounter.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * A login on a node: commands, and ports of the node that lead to the head. A node that falls silent is noticed within about 10 s.
 * Thread-safe.
 */
public final class SshSession implements AutoCloseable {

    private static final Duration OPEN_LIMIT = Duration.ofSeconds(15);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final SshTarget target;
    private final Session session;
    private final WatchedSocket socket;
    private final CompletableFuture<Void> ended;
    private final Optional<SshSession> jump;
    private final KnownHosts hosts;
    private final Duration connectTime;
    private final SshForwards forwards;
    private final AtomicBoolean closed = new AtomicBoolean();

    SshSession(
            SshTarget target,
            Session session,
            WatchedSocket socket,
            CompletableFuture<Void> ended,
            Optional<SshSession> jump,
            KnownHosts hosts,
            Duration connectTime) {
        this.target = target;
        this.session = session;
        this.socket = socket;
        this.ended = ended;
        this.jump = jump;
        this.hosts = hosts;
        this.connectTime = connectTime;
        this.forwards = new SshForwards(session);
        new SshWatch(target.host(), session, socket, ended, forwards).start();
    }

    /**
     * Logs in. Each step (name, connection, host key, login) has the settings' time.
     *
     * @param node where
     * @param settings how
     * @return a session, to be closed
     * @throws NodeFault if the node cannot be reached or does not let the user in
     * @throws InterruptedException if the thread was interrupted; nothing stays open
     */
    public static SshSession connect(ClusterNode node, SshSettings settings) throws NodeFault, InterruptedException {
        return new SshLogin(SshTarget.of(node, settings.directory()), settings).connect();
    }

    /**
     * Where it is connected to.
     *
     * @return the host name or IP address, after the SSH configuration
     */
    public String address() {
        return target.host();
    }

    /** The head's address on its way to the node, or to the first jump host there. */
    public InetAddress headAddress() {
        return jump.map(SshSession::headAddress).orElseGet(socket::localAddress);
    }

    /** The node's address as the head sees it; behind a jump host, what it is called. */
    public String nodeAddress() {
        return jump.isPresent() ? target.host() : socket.remoteAddress().getHostAddress();
    }

    /**
     * Who is logged in.
     *
     * @return a user of the node
     */
    public String user() {
        return target.user();
    }

    /**
     * The port of the SSH server.
     *
     * @return 1 to 65535
     */
    public int port() {
        return target.port();
    }

    /**
     * How long it took to connect and log in, jump hosts included.
     *
     * @return a duration
     */
    public Duration connectTime() {
        return connectTime;
    }

    /**
     * What the server calls itself.
     *
     * @return as in {@code SSH-2.0-OpenSSH_9.2p1}
     */
    public String serverVersion() {
        return session.getServerVersion();
    }

    /**
     * The host key.
     *
     * @return its type, fingerprint, and whether it was known, added or not checked
     */
    public String hostKeyInfo() {
        return hosts.shown() + " (" + hosts.verdict() + ")";
    }

    /**
     * Runs a command with the user's login shell.
     *
     * @param command for the shell
     * @param input its standard input
     * @param limit how long it may take
     * @return what it left
     * @throws IOException if the connection is lost, or the command has not ended in time
     * @throws InterruptedException if the thread was interrupted
     */
    public RemoteResult run(String command, byte[] input, Duration limit) throws IOException, InterruptedException {
        return run(command, new ByteArrayInputStream(input), limit);
    }

    /**
     * Runs a command with the user's login shell.
     *
     * @param command for the shell
     * @param input its standard input, read to its end unless the command ends before; not closed
     * @param limit how long it may take
     * @return what it left
     * @throws IOException if the connection is lost, the input cannot be read, or the command has not ended in time
     * @throws InterruptedException if the thread was interrupted
     */
    public RemoteResult run(String command, InputStream input, Duration limit)
            throws IOException, InterruptedException {
        BoundedOutput out = new BoundedOutput(RemoteResult.MAX_BYTES);
        BoundedOutput err = new BoundedOutput(RemoteResult.MAX_BYTES);
        try (RemoteProcess process = start(command, channel -> RemoteProcess.into(channel, out, err))) {
            CompletableFuture<Void> unread = new CompletableFuture<>();
            Threads.startDaemon("ssh-input " + target.host(), () -> feed(input, process, unread));
            int exitCode = (Integer)
                    CompletableFuture.anyOf(process.onExit(), unread).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new RemoteResult(exitCode, out.bytes(), err.bytes());
        } catch (TimeoutException e) {
            throw new IOException(target + ": not ended within " + limit.toSeconds() + " s: " + brief(command), e);
        } catch (ExecutionException e) {
            throw new IOException(target + ": " + e.getCause().getMessage() + ": " + brief(command), e.getCause());
        }
    }

    /** What cannot be read fails the command; what cannot be written shows in how it ends. */
    private static void feed(InputStream input, RemoteProcess process, CompletableFuture<Void> unread) {
        byte[] buffer = new byte[32 << 10];
        try (OutputStream out = process.in()) {
            int count = read(input, buffer, unread);
            while (count >= 0) {
                out.write(buffer, 0, count);
                count = read(input, buffer, unread);
            }
        } catch (IOException e) {
            // The command has ended, or the input was told of above.
        }
    }

    private static int read(InputStream input, byte[] buffer, CompletableFuture<Void> unread) throws IOException {
        try {
            return input.read(buffer);
        } catch (IOException e) {
            unread.completeExceptionally(new IOException("its input cannot be read: " + e.getMessage(), e));
            throw e;
        }
    }

    private static String brief(String command) {
        return command.length() <= 100 ? command : command.substring(0, 100) + "…";
    }

    /**
     * Starts a command with the user's login shell.
     *
     * @param command for the shell
     * @return the command, to be closed
     * @throws IOException if it cannot be started
     */
    public RemoteProcess start(String command) throws IOException {
        return start(command, RemoteProcess::readable);
    }

    private interface Wiring {
        RemoteProcess wire(ChannelExec channel) throws IOException;
    }

    private RemoteProcess start(String command, Wiring wiring) throws IOException {
        return call("ssh-open", () -> {
            ChannelExec channel = (ChannelExec) session.openChannel("exec");
            channel.setCommand(command.getBytes(StandardCharsets.UTF_8));
            RemoteProcess process = wiring.wire(channel);
            connect(channel);
            return process;
        });
    }

    private void connect(ChannelExec channel) throws IOException, JSchException {
        try {
            channel.connect((int) OPEN_LIMIT.toMillis());
        } catch (JSchException e) {
            if (session.isConnected()) {
                throw new IOException(
                        "its SSH server starts no further command (MaxSessions in its sshd_config): " + e.getMessage(),
                        e);
            }
            throw e;
        }
    }

    /**
     * Makes a port of the node's loopback lead to a port of the head's loopback, for as long as the session lasts.
     *
     * @param headPort a port on 127.0.0.1 of the head
     * @return the port on 127.0.0.1 of the node
     * @throws IOException if the node refuses
     */
    public int forward(int headPort) throws IOException {
        return call("ssh-forward", () -> forwards.add(headPort));
    }

    /** A port of the head's loopback that leads to where the node can connect. */
    int openLocalPort(String host, int port) throws IOException {
        return call("ssh-forward", () -> session.setPortForwardingL("127.0.0.1", 0, host, port));
    }

    private <T> T call(String thread, Callable<T> work) throws IOException {
        if (!isAlive()) {
            throw new IOException(target + ": the connection has ended");
        }
        try {
            return TimeLimit.call(thread + " " + target.host(), OPEN_LIMIT, work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(target + ": interrupted");
        } catch (TimeoutException e) {
            throw new IOException(target + ": no answer within " + OPEN_LIMIT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException || cause instanceof JSchException) {
                throw new IOException(target + ": " + cause.getMessage(), cause);
            }
            throw new IllegalStateException(cause);
        }
    }

    /**
     * Whether it can be used.
     *
     * @return false once it is closed, or the connection was lost
     */
    public boolean isAlive() {
        return !closed.get() && !ended.isDone();
    }

    /**
     * Asks to be told when the connection is lost; at once if it is already. Not when it is closed.
     *
     * @param action is run once, on a thread of its own
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void onLost(Runnable action) {
        // Started from there, so that what the action throws reaches the thread's handler.
        ended.thenRun(() -> Threads.startDaemon("ssh-lost " + target.host(), () -> {
            if (!closed.get()) {
                action.run();
            }
        }));
    }

    /** Ends it, and with it its commands' streams and its ports. Takes about a second at most, also when the node is silent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            TimeLimit.run("ssh-close " + target.host(), CLOSE_LIMIT, session::disconnect);
            socket.close();
            ended.complete(null);
            jump.ifPresent(SshSession::close);
        }
    }
}
