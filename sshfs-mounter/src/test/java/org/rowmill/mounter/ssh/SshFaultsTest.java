package org.rowmill.mounter.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/** Problems that make a node unusable. Each is reported with its step and what to do. */
@Tag("slow")
class SshFaultsTest {

    @TempDir
    private Path directory;

    private TestSshd sshd;

    @BeforeEach
    void startServer() {
        sshd = TestSshd.start(directory, "ed25519", "ecdsa");
    }

    @AfterEach
    void stopServer() {
        sshd.close();
    }

    private Path knownHosts() {
        return sshd.userFiles().resolve("known_hosts");
    }

    private void connects(HostKeys hostKeys) throws Exception {
        try (SshSession session = SshSession.connect(sshd.node(), sshd.settings(hostKeys))) {
            assertThat(session.isAlive()).isTrue();
        }
    }

    private static void fails(ConnectionStep step, String fix, ThrowingCallable connect) {
        assertThatThrownBy(connect).isInstanceOfSatisfying(NodeFault.class, fault -> {
            assertThat(fault.step()).isEqualTo(step);
            assertThat(fault.fix()).contains(fix);
        });
    }

    @Nested
    class AHostKey {

        @Test
        void thatIsUnknownIsAddedByAcceptNewAndThenKnown() throws Exception {
            connects(HostKeys.ACCEPT_NEW);

            assertThat(Files.readString(knownHosts())).contains("[127.0.0.1]:" + sshd.port());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(knownHosts())))
                    .isEqualTo("rw-------");
            connects(HostKeys.STRICT);
            assertThat(Files.readAllLines(knownHosts())).hasSize(1);
        }

        @Test
        void thatIsUnknownIsRejectedByStrict() {
            fails(ConnectionStep.HOST_KEY, "--host-keys accept-new", () -> connects(HostKeys.STRICT));
            assertThat(knownHosts()).doesNotExist();
        }

        @Test
        void thatHasChangedIsRejectedAndTheFileIsNotModified() throws Exception {
            Path other = directory.resolve("other");
            TestSshd.keygen(other, "ed25519", "");
            String line = "[127.0.0.1]:" + sshd.port() + " "
                    + Files.readString(directory.resolve("other.pub")).strip() + "\n";
            Files.writeString(knownHosts(), line);

            fails(ConnectionStep.HOST_KEY, "ssh-keygen -R", () -> connects(HostKeys.ACCEPT_NEW));
            fails(ConnectionStep.HOST_KEY, "ssh-keygen -R", () -> connects(HostKeys.STRICT));
            assertThat(Files.readString(knownHosts())).isEqualTo(line);
            connects(HostKeys.OFF);
        }

        @Test
        void ofAKnownTypeIsRequested() throws Exception {
            Files.writeString(
                    knownHosts(),
                    "[127.0.0.1]:" + sshd.port() + " "
                            + Files.readString(Path.of(sshd.hostKey("ecdsa") + ".pub"))
                                    .strip() + "\n");

            connects(HostKeys.STRICT);
        }
    }

    @Nested
    class AKey {

        @Test
        void thatIsRejectedIsReportedWithTheCommandThatInstallsIt() throws Exception {
            Files.writeString(directory.resolve("authorized_keys"), "");

            fails(ConnectionStep.AUTHENTICATE, "ssh-copy-id -p " + sshd.port(), () -> connects(HostKeys.ACCEPT_NEW));
        }

        @Test
        void withAPassphraseNeedsTheAgent() throws Exception {
            Path locked = directory.resolve("locked");
            TestSshd.keygen(locked, "ed25519", "secret words");
            ClusterNode node = TestSshd.node("127.0.0.1", OptionalInt.of(sshd.port()), Optional.of(locked));

            fails(
                    ConnectionStep.AUTHENTICATE,
                    "ssh-add",
                    () -> SshSession.connect(node, sshd.settings(HostKeys.ACCEPT_NEW)));
        }

        @Test
        void ofTheClusterFileIsUsed() throws Exception {
            Path own = directory.resolve("own_key");
            Files.move(sshd.userFiles().resolve("id_ed25519"), own);
            ClusterNode node =
                    TestSshd.node("127.0.0.1", OptionalInt.of(sshd.port()), Optional.of(TestSshd.secret(own)));

            fails(ConnectionStep.AUTHENTICATE, "Give a private key", () -> connects(HostKeys.ACCEPT_NEW));
            SshSession.connect(node, sshd.settings(HostKeys.STRICT)).close();
        }
    }

    @Nested
    class AServer {

        @Test
        void withAnUnknownNameIsReported() { // the label is too long, so that no name server is asked
            ClusterNode node = TestSshd.node("a".repeat(64) + ".invalid", OptionalInt.empty(), Optional.empty());

            fails(
                    ConnectionStep.RESOLVE,
                    "Correct the name",
                    () -> SshSession.connect(node, sshd.settings(HostKeys.STRICT)));
        }

        @Test
        void thatDoesNotListenIsReported() throws Exception {
            ClusterNode node = TestSshd.node("127.0.0.1", OptionalInt.of(TestSshd.freePort()), Optional.empty());

            fails(ConnectionStep.CONNECT, "Start sshd", () -> SshSession.connect(node, sshd.settings(HostKeys.STRICT)));
        }

        @Test
        void thatSendsNothingIsReportedInTime() throws Exception {
            try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                ClusterNode node = TestSshd.node("127.0.0.1", OptionalInt.of(silent.getLocalPort()), Optional.empty());
                SshSettings impatient = new SshSettings(HostKeys.STRICT, sshd.userFiles(), Duration.ofMillis(500));

                fails(ConnectionStep.CONNECT, "sshd listens", () -> SshSession.connect(node, impatient));
            }
        }

        @Test
        void thatFreezesIsLost() throws Exception {
            try (SshSession session = sshd.connect()) {
                AtomicBoolean lost = new AtomicBoolean();
                session.onLost(() -> lost.set(true));

                sshd.freezeConnections();

                await().atMost(Duration.ofSeconds(30)).untilTrue(lost);
                assertThat(session.isAlive()).isFalse();
            } finally {
                sshd.thawConnections();
            }
        }

        @Test
        void isReachedThroughAJumpHost() throws Exception {
            Files.writeString(
                    sshd.userFiles().resolve("config"),
                    "Host behind\n  HostName 127.0.0.1\n  Port " + sshd.port() + "\n  ProxyJump 127.0.0.2:"
                            + sshd.port() + "\nHost 127.0.0.2\n  HostName 127.0.0.1\n");
            ClusterNode node = TestSshd.node("behind", OptionalInt.empty(), Optional.empty());

            try (SshSession session = SshSession.connect(node, sshd.settings(HostKeys.ACCEPT_NEW))) {
                assertThat(session.run("echo here", new byte[0], Duration.ofSeconds(20))
                                .out())
                        .isEqualTo("here\n");
            }
            assertThat(sshd.logged().split("Accepted publickey", -1))
                    .as("two logins")
                    .hasSize(3);
        }

        @Test
        void mayBeConfiguredInAnIncludedFile() throws Exception {
            Path more = Files.createDirectory(sshd.userFiles().resolve("config.d"));
            Files.writeString(sshd.userFiles().resolve("config"), "Include config.d/*\n");
            Files.writeString(
                    more.resolve("cluster"), "Host included\n  HostName 127.0.0.1\n  Port " + sshd.port() + "\n");
            ClusterNode node = TestSshd.node("included", OptionalInt.empty(), Optional.empty());

            SshSession.connect(node, sshd.settings(HostKeys.ACCEPT_NEW)).close();
        }

        @Test
        void isKnownByItsAlias() throws Exception {
            Files.writeString(
                    sshd.userFiles().resolve("config"),
                    "Host work\n  HostName 127.0.0.1\n  Port " + sshd.port() + "\n  User "
                            + System.getProperty("user.name") + "\n");
            ClusterNode node = TestSshd.node("work", OptionalInt.empty(), Optional.empty());

            try (SshSession session = SshSession.connect(node, sshd.settings(HostKeys.ACCEPT_NEW))) {
                assertThat(session.port()).isEqualTo(sshd.port());
            }
        }
    }
}
