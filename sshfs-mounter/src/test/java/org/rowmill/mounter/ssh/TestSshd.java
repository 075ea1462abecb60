package org.rowmill.mounter.ssh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * A real SSH server on a free port of the loopback, with its files in a directory. It accepts the user who runs the
 * tests.
 */
public final class TestSshd implements AutoCloseable {

    private final Path directory;
    private final int port;
    private Process process;

    /** Starts a server with a host key of each type. It accepts the key {@code ssh/id_ed25519}. */
    static TestSshd start(Path directory, String... keyTypes) {
        return new TestSshd(directory, List.of(), keyTypes);
    }

    /** Starts a server with options of sshd_config that replace the usual ones; ListenAddress adds an address. */
    static TestSshd configured(Path directory, String... options) {
        return new TestSshd(directory, List.of(options), "ed25519");
    }

    private TestSshd(Path directory, List<String> options, String... keyTypes) {
        this.directory = directory;
        try {
            Path user = Files.createDirectories(directory.resolve("ssh"));
            if (Files.notExists(user.resolve("id_ed25519"))) {
                keygen(user.resolve("id_ed25519"), "ed25519", "");
            }
            Files.copy(user.resolve("id_ed25519.pub"), directory.resolve("authorized_keys"));
            for (String type : keyTypes) {
                keygen(hostKey(type), type, "");
            }
            if (isRoot()) {
                Files.createDirectories(Path.of("/run/sshd"));
            }
            this.port = freePort();
            this.process = launch(options, keyTypes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofSeconds(60)).until(this::answers);
    }

    private Process launch(List<String> options, String... keyTypes) throws IOException {
        List<String> lines = new ArrayList<>(options);
        Stream.of(
                        "ListenAddress 127.0.0.1",
                        "AuthorizedKeysFile " + directory.resolve("authorized_keys"),
                        "PidFile none",
                        "UsePAM no",
                        "UseDNS no",
                        "StrictModes no",
                        "PermitRootLogin yes",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "MaxStartups 50",
                        "LogLevel VERBOSE")
                .filter(line -> options.stream().noneMatch(option -> sets(option, line)))
                .forEach(lines::add);
        Stream.of(keyTypes).map(type -> "HostKey " + hostKey(type)).forEach(lines::add);
        Path config = Files.write(directory.resolve("sshd_config"), lines);
        // sshd needs its full path, because it executes itself for each connection.
        return new ProcessBuilder(program(), "-D", "-e", "-f", config.toString(), "-p", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private static boolean sets(String option, String line) {
        String keyword = line.split(" ")[0];
        return option.startsWith(keyword + " ") && !keyword.equals("ListenAddress");
    }

    private static String program() {
        return Stream.of("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd", "/usr/bin/sshd")
                .filter(name -> Files.isExecutable(Path.of(name)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no sshd: install openssh-server"));
    }

    static void keygen(Path file, String type, String passphrase) {
        run(List.of("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", file.toString()));
    }

    /** Runs a command that must succeed and returns its output. */
    public static String run(String... command) {
        return run(List.of(command));
    }

    public static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("sshd has ended: " + logged());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    private Path log() {
        return directory.resolve("sshd.log");
    }

    String logged() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the file of a private host key. */
    Path hostKey(String type) {
        return directory.resolve("host_" + type);
    }

    int port() {
        return port;
    }

    /** Returns the directory of the user's SSH files: a key that is accepted, and no known_hosts. */
    Path userFiles() {
        return directory.resolve("ssh");
    }

    ClusterNode node() {
        return node("127.0.0.1", OptionalInt.of(port), Optional.empty());
    }

    static ClusterNode node(String address, OptionalInt port, Optional<Path> key) {
        return new ClusterNode(address, Optional.empty(), port, key, 0, Optional.empty(), List.of(), 1);
    }

    SshSettings settings(HostKeys hostKeys) {
        return new SshSettings(hostKeys, userFiles(), Duration.ofSeconds(60));
    }

    SshSession connect() throws NodeFault, InterruptedException {
        return SshSession.connect(node(), settings(HostKeys.ACCEPT_NEW));
    }

    /** Stops the processes of the connections, like a node that freezes: nothing is closed. */
    void freezeConnections() {
        signalConnections("STOP");
    }

    void thawConnections() {
        signalConnections("CONT");
    }

    private void signalConnections(String signal) {
        process.toHandle().descendants().forEach(child -> signal(signal, child));
    }

    /** Ignores the error for a process that has ended, such as a helper of the login. */
    private static void signal(String signal, ProcessHandle child) {
        try {
            run(List.of("kill", "-" + signal, String.valueOf(child.pid())));
        } catch (IllegalStateException e) {
            if (child.isAlive()) {
                throw e;
            }
        }
    }

    /** Makes a file readable for its owner only. */
    static Path secret(Path file) {
        try {
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> connections = process.toHandle().descendants().toList();
        process.destroy();
        connections.forEach(ProcessHandle::destroyForcibly);
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
