package org.rowmill.mounter.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/** Connections through jump hosts, and to servers that permit less than usual. */
@Tag("slow")
class SshConnectionsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final byte[] NOTHING = {};

    @TempDir
    private Path directory;

    private final List<TestSshd> servers = new ArrayList<>();

    private TestSshd start(String name, String... options) throws IOException {
        TestSshd server = TestSshd.configured(Files.createDirectory(directory.resolve(name)), options);
        servers.add(server);
        return server;
    }

    @AfterEach
    void stopServers() {
        servers.forEach(TestSshd::close);
    }

    private static ClusterNode alias(String name) {
        return TestSshd.node(name, OptionalInt.empty(), Optional.empty());
    }

    private static void configure(TestSshd server, String lines) throws IOException {
        Files.writeString(server.userFiles().resolve("config"), lines);
    }

    /** Makes all servers accept the key of the first one. */
    private static void acceptKeyOf(TestSshd first, TestSshd... others) throws IOException {
        for (TestSshd other : others) {
            Files.copy(
                    first.userFiles().resolve("id_ed25519.pub"),
                    other.userFiles().resolveSibling("authorized_keys"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String host(String name, TestSshd server, String more) {
        return "Host " + name + "\n  HostName 127.0.0.1\n  Port " + server.port() + "\n" + more;
    }

    private static void fails(ConnectionStep step, String why, String fix, ClusterNode node, TestSshd server) {
        assertThatThrownBy(() -> SshSession.connect(node, server.settings(HostKeys.ACCEPT_NEW))
                        .close())
                .isInstanceOfSatisfying(NodeFault.class, fault -> {
                    assertThat(fault).hasMessageContaining(why);
                    assertThat(fault.fix()).contains(fix);
                    assertThat(fault.step()).isEqualTo(step);
                });
    }

    @Nested
    @SuppressWarnings("NullAway.Init") // each test calls startThree
    class AConnectionThroughJumpHosts {

        private TestSshd near;
        private TestSshd middle;
        private TestSshd far;

        private void startThree(String... optionsOfTheMiddle) throws IOException {
            near = start("near");
            middle = start("middle", optionsOfTheMiddle);
            far = start("far");
            acceptKeyOf(near, middle, far);
            configure(near, host("a", near, "") + host("b", middle, "") + host("far", far, "  ProxyJump a,b\n"));
        }

        @Test
        void usesTwoJumpHosts() throws Exception {
            startThree();
            AtomicBoolean lost = new AtomicBoolean();
            try (SshSession session = SshSession.connect(alias("far"), near.settings(HostKeys.ACCEPT_NEW))) {
                session.onLost(() -> lost.set(true));
                assertThat(session.run("echo here", NOTHING, LIMIT).out()).isEqualTo("here\n");
                for (TestSshd server : servers) {
                    assertThat(server.logged()).containsOnlyOnce("Accepted publickey");
                }
                near.close();
                await().atMost(LIMIT).untilTrue(lost);
                assertThat(session.isAlive()).isFalse();
            }
        }

        @Test
        void isConfiguredJumpHostByJumpHost() throws Exception {
            startThree();
            configure(
                    near,
                    host("a", near, "") + host("b", middle, "  ProxyJump a\n") + host("far", far, "  ProxyJump b\n"));
            SshSession.connect(alias("far"), near.settings(HostKeys.ACCEPT_NEW)).close();
            for (TestSshd server : servers) {
                assertThat(server.logged()).containsOnlyOnce("Accepted publickey");
            }
        }

        @Test
        void inACircleIsReported() throws Exception {
            startThree();
            configure(near, host("a", near, "  ProxyJump b\n") + host("b", middle, "  ProxyJump a\n"));
            fails(ConnectionStep.CONNECT, "forms a loop", "Correct ProxyJump", alias("a"), near);
        }

        @Test
        void reportsWhichJumpHostFails() throws Exception {
            startThree();
            Files.writeString(middle.userFiles().resolveSibling("authorized_keys"), "");
            fails(
                    ConnectionStep.AUTHENTICATE,
                    "jump host b: 127.0.0.1 rejects the login of",
                    "ssh-copy-id",
                    alias("far"),
                    near);
        }

        @Test
        void needsPortForwardingOnEachJumpHost() throws Exception {
            startThree("AllowTcpForwarding no");
            fails(ConnectionStep.CONNECT, "jump host b", "AllowTcpForwarding", alias("far"), near);
        }

        @Test
        void toAPortWithoutServerIsReported() throws Exception {
            startThree();
            configure(
                    near,
                    host("a", near, "") + "Host far\n  HostName 127.0.0.1\n  Port " + TestSshd.freePort()
                            + "\n  ProxyJump a\n");
            fails(ConnectionStep.CONNECT, "jump host a", "sshd", alias("far"), near);
        }

        @Test
        void byProxyCommandIsUsed() throws Exception {
            startThree();
            String relay = "ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i "
                    + near.userFiles().resolve("id_ed25519") + " -p " + near.port() + " -W %h:%p 127.0.0.1";
            configure(near, host("far", far, "  ProxyCommand " + relay + "\n"));
            try (SshSession session = SshSession.connect(alias("far"), near.settings(HostKeys.ACCEPT_NEW))) {
                assertThat(session.run("head -c 9000000; cat", new byte[20 << 20], LIMIT)
                                .out())
                        .hasSize(RemoteResult.MAX_BYTES);
            }
            assertThat(near.logged()).containsOnlyOnce("Accepted publickey");
            assertThat(far.logged()).containsOnlyOnce("Accepted publickey");
        }

        @Test
        void byProxyCommandThatFailsIsReported() throws Exception {
            startThree();
            configure(near, host("far", far, "  ProxyCommand sh -c 'echo no way >&2; exit 3'\n"));
            fails(
                    ConnectionStep.CONNECT,
                    "the ProxyCommand for far ended with exit code 3: no way",
                    "Correct ProxyCommand",
                    alias("far"),
                    near);
        }

        @Test
        void byProxyCommandNoneIsDirect() throws Exception {
            startThree();
            configure(near, host("far", far, "  ProxyCommand none\nHost *\n  ProxyJump 127.0.0.9\n"));
            SshSession.connect(alias("far"), near.settings(HostKeys.ACCEPT_NEW)).close();
        }
    }

    @Nested
    class AServer {

        @Test
        void isReachedByAnIpv6Address() throws Exception {
            TestSshd server = start("six", "ListenAddress ::1");
            ClusterNode node = TestSshd.node("::1", OptionalInt.of(server.port()), Optional.empty());
            for (HostKeys mode : new HostKeys[] {HostKeys.ACCEPT_NEW, HostKeys.STRICT}) {
                try (SshSession session = SshSession.connect(node, server.settings(mode))) {
                    assertThat(session.run("echo here", NOTHING, LIMIT).out()).isEqualTo("here\n");
                }
            }
            assertThat(Files.readString(server.userFiles().resolve("known_hosts")))
                    .startsWith("[::1]:" + server.port() + " ssh-ed25519 ");
        }

        @Test
        void isReachedThroughAJumpHostByAnIpv6Address() throws Exception {
            TestSshd server = start("six", "ListenAddress ::1");
            configure(
                    server,
                    "Host far\n  HostName ::1\n  Port " + server.port() + "\n  ProxyJump [0::1]:" + server.port()
                            + "\n");
            SshSession.connect(alias("far"), server.settings(HostKeys.ACCEPT_NEW))
                    .close();
        }

        @Test
        void thatForwardsNoPortIsReported() throws Exception {
            TestSshd server = start("closed", "AllowTcpForwarding no");
            try (SshSession session = server.connect()) {
                assertThatThrownBy(() -> session.forward(1234))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("refuses to forward a port (AllowTcpForwarding, PermitListen)");
                assertThat(session.run("echo here", NOTHING, LIMIT).out()).isEqualTo("here\n");
            }
        }

        @Test
        void thatAllowsOneCommandAtATimeIsReported() throws Exception {
            TestSshd server = start("few", "MaxSessions 1");
            try (SshSession session = server.connect();
                    RemoteProcess first = session.start("exec sleep 100")) {
                assertThat(first.onExit()).isNotDone();
                assertThatThrownBy(() -> session.run("echo here", NOTHING, LIMIT))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("MaxSessions");
            }
        }

        /**
         * Opens a connection that stays in its login. The server may still count the connection before it, and refuse.
         */
        private static Optional<Socket> greeted(TestSshd server) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            if (socket.getInputStream().read() == 'S') {
                return Optional.of(socket);
            }
            socket.close();
            return Optional.empty();
        }

        @Test
        void thatHasTooManyLoginsAtOnceIsReported() throws Exception {
            TestSshd server = start("busy", "MaxStartups 1:100:1");
            try (Socket waiting =
                    await().until(() -> greeted(server), Optional::isPresent).orElseThrow()) {
                assertThat(waiting.isConnected()).isTrue();
                fails(ConnectionStep.CONNECT, "does not answer as an SSH server", "MaxStartups", server.node(), server);
            }
        }
    }
}
