package org.rowmill.mounter.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.Threads;

@Tag("slow")
final class SshSessionTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final byte[] NOTHING = {};

    @TempDir
    private static Path directory;

    private static TestSshd sshd;

    private SshSession session;

    @BeforeAll
    static void startServer() {
        sshd = TestSshd.start(directory, "ed25519");
    }

    @AfterAll
    static void stopServer() {
        sshd.close();
    }

    @BeforeEach
    void connect() throws Exception {
        session = sshd.connect();
    }

    @AfterEach
    void disconnect() {
        session.close();
    }

    @Test
    void itDescribesItsConnection() {
        assertThat(session.address()).isEqualTo("127.0.0.1");
        assertThat(session.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(session.port()).isEqualTo(sshd.port());
        assertThat(session.serverVersion()).startsWith("SSH-2.0-OpenSSH");
        assertThat(session.hostKeyInfo()).startsWith("ssh-ed25519 SHA256:");
        assertThat(session.connectTime()).isPositive();
        assertThat(session.isAlive()).isTrue();
    }

    @Test
    void aCommandReturnsItsOutputErrorsAndExitCode() throws Exception {
        RemoteResult result = session.run("echo hällo; echo oh >&2; exit 7", NOTHING, LIMIT);
        assertThat(result).isEqualTo(new RemoteResult(7, "hällo\n", "oh\n"));
    }

    @Test
    void aCommandReadsItsInput() throws Exception {
        assertThat(session.run("tr a-z A-Z", "abc".getBytes(StandardCharsets.UTF_8), LIMIT)
                        .out())
                .isEqualTo("ABC");
    }

    @Test
    void twentyMegabytesGoIntoACommand() throws Exception {
        byte[] bytes = new byte[20 << 20];
        Arrays.fill(bytes, (byte) 'x');
        RemoteResult result = session.run("wc -c", new ByteArrayInputStream(bytes), LIMIT);
        assertThat(result.out().strip()).isEqualTo(String.valueOf(bytes.length));
    }

    @Test
    void outputBeyondTheLimitIsDiscarded() throws Exception {
        RemoteResult result = session.run("head -c 5000000 /dev/zero", NOTHING, LIMIT);
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).hasSize(RemoteResult.MAX_BYTES);
    }

    @Test
    void aCommandThatDoesNotEndExceedsItsLimit() {
        assertThatThrownBy(() -> session.run("exec sleep 30", NOTHING, Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within 1 s: exec sleep 30");
        assertThat(session.isAlive()).isTrue();
    }

    @Test
    void aCommandThatIgnoresItsInputEnds() throws Exception {
        assertThat(session.run("exit 3", new byte[20 << 20], LIMIT).exitCode()).isEqualTo(3);
    }

    @Test
    @SuppressWarnings("InputStreamSlowMultibyteRead") // it fails at the first byte
    void inputThatCannotBeReadFailsTheCommand() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("unreadable block");
            }
        };
        assertThatThrownBy(() -> session.run("cat", broken, LIMIT)).hasMessageContaining("unreadable block");
    }

    @Test
    void aSignalIsAnExitCodeAsInAShell() throws Exception {
        assertThat(session.run("kill -TERM $$", NOTHING, LIMIT).exitCode()).isEqualTo(143);
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        Thread waiting = new Thread(() -> {
            assertThatThrownBy(() -> session.run("exec sleep 30", NOTHING, LIMIT))
                    .isInstanceOf(InterruptedException.class);
        });
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        waiting.join(5000);
        assertThat(waiting.isAlive()).isFalse();
    }

    @Test
    void aLongRunningCommandReadsAndWrites() throws Exception {
        try (RemoteProcess process = session.start("while read line; do echo got $line; done; echo bye >&2; exit 4")) {
            BufferedReader out = new BufferedReader(new InputStreamReader(process.out(), StandardCharsets.UTF_8));
            for (String word : new String[] {"one", "two"}) {
                process.in().write((word + "\n").getBytes(StandardCharsets.UTF_8));
                process.in().flush();
                assertThat(out.readLine()).isEqualTo("got " + word);
            }
            process.in().close();
            assertThat(process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(4);
            assertThat(out.readLine()).isNull();
            assertThat(process.err().readAllBytes()).asString().isEqualTo("bye\n");
            assertThatThrownBy(() -> process.in().write(1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClosedCommandSeesTheEndOfItsInput() throws Exception {
        RemoteProcess process = session.start("cat; echo ended >" + directory.resolve("ended"));
        process.close();
        assertThatThrownBy(() -> process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        await().until(() -> directory.resolve("ended").toFile().exists());
    }

    @Test
    void unreadOutputBlocksNoOtherCommand() throws Exception {
        try (RemoteProcess unread = session.start("exec head -c 3000000 /dev/zero")) {
            assertThat(unread.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isZero();
            assertThat(session.run("echo here", NOTHING, LIMIT).out()).isEqualTo("here\n");
            assertThat(unread.out().readAllBytes()).hasSize(3_000_000);
        }
    }

    @Test
    void aForwardedPortWorksInBothDirections() throws Exception {
        try (ServerSocket head = echo();
                ServerSocket other = echo()) {
            int first = session.forward(head.getLocalPort());
            int second = session.forward(other.getLocalPort());
            assertThat(first).isNotEqualTo(second).isNotEqualTo(head.getLocalPort());
            for (int port : new int[] {first, second}) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    byte[] bytes = "there and back".getBytes(StandardCharsets.UTF_8);
                    socket.getOutputStream().write(bytes);
                    assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
                }
            }
        }
    }

    @Test
    void aClosedSessionIsNotLost() throws Exception {
        AtomicBoolean lost = new AtomicBoolean();
        session.onLost(() -> lost.set(true));
        session.close();
        assertThat(session.isAlive()).isFalse();
        assertThat(lost).isFalse();
        assertThatThrownBy(() -> session.start("true"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the connection has ended");
    }

    @Test
    void allItsThreadsAreDaemonThreadsAndEndWithIt() throws Exception {
        session.run("true", NOTHING, LIMIT);
        assertThat(threads()).isNotZero();
        session.close();
        await().atMost(LIMIT).until(() -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().toLowerCase(java.util.Locale.ROOT).contains("127.0.0.1"))
                .peek(thread -> assertThat(thread.isDaemon()).isTrue())
                .count();
    }

    private static ServerSocket echo() throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Threads.startDaemon("test-echo", () -> {
            try (Socket socket = server.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return server;
    }
}
