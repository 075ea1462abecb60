package org.rowmill.mounter.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;

/** The known_hosts file, as OpenSSH's tools write it, and as several heads write it at the same time. */
@Tag("slow")
class KnownHostsTest {

    @TempDir
    private static Path directory;

    private static TestSshd sshd;
    private static Path knownHosts;

    private String own = "";
    private String other = "";

    @BeforeAll
    static void startServer() {
        sshd = TestSshd.start(directory, "ed25519");
        knownHosts = sshd.userFiles().resolve("known_hosts");
        TestSshd.keygen(directory.resolve("other"), "ed25519", "");
    }

    @AfterAll
    static void stopServer() {
        sshd.close();
    }

    @BeforeEach
    void forget() throws IOException {
        Files.deleteIfExists(knownHosts);
        own = key(Path.of(sshd.hostKey("ed25519") + ".pub"));
        other = key(directory.resolve("other.pub"));
    }

    /** Type and key, without the comment. */
    private static String key(Path publicKey) throws IOException {
        String[] words = Files.readString(publicKey).split(" ");
        return words[0] + " " + words[1];
    }

    private static String name() {
        return "[127.0.0.1]:" + sshd.port();
    }

    private static void know(String... lines) throws IOException {
        Files.write(knownHosts, List.of(lines));
    }

    private static void hash() throws IOException {
        TestSshd.run("ssh-keygen", "-q", "-H", "-f", knownHosts.toString());
        Files.deleteIfExists(Path.of(knownHosts + ".old"));
        assertThat(Files.readString(knownHosts)).contains("|1|").doesNotContain("127.0.0.1");
    }

    private static void connects(HostKeys mode) throws Exception {
        SshSession.connect(sshd.node(), sshd.settings(mode)).close();
    }

    private static void isRejected(HostKeys mode, String why) {
        assertThatThrownBy(() -> connects(mode)).isInstanceOfSatisfying(NodeFault.class, fault -> {
            assertThat(fault.step()).isEqualTo(ConnectionStep.HOST_KEY);
            assertThat(fault).hasMessageContaining(why);
        });
    }

    @Test
    void aHashedNameIsKnown() throws Exception {
        know("other.example " + other, name() + " " + own);
        hash();
        connects(HostKeys.STRICT);
        connects(HostKeys.ACCEPT_NEW);
        assertThat(Files.readAllLines(knownHosts)).hasSize(2);
    }

    @Test
    void aHashedNameWithAnotherKeyHasChanged() throws Exception {
        know(name() + " " + other);
        hash();
        isRejected(HostKeys.ACCEPT_NEW, "is not the one in");
        isRejected(HostKeys.STRICT, "is not the one in");
    }

    @Test
    void opensshFindsAnAddedKey() throws Exception {
        know("# a comment", "", "other.example " + other + " comment");
        Files.writeString(knownHosts, "broken line without an end", StandardOpenOption.APPEND);
        connects(HostKeys.ACCEPT_NEW);
        assertThat(TestSshd.run("ssh-keygen", "-F", name(), "-f", knownHosts.toString()))
                .contains(name() + " " + own);
        assertThat(Files.readAllLines(knownHosts)).hasSize(5).contains("broken line without an end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[127.0.0.1]:*", "[127.0.0.?]:PORT", "[127.*]:*,!other", "other,[127.0.0.1]:PORT", "127.0.0.1"})
    void patternsListsAndNamesWithoutPortAreKnown(String names) throws Exception {
        know(names.replace("PORT", String.valueOf(sshd.port())) + " " + own);
        connects(HostKeys.STRICT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[127.0.0.1]:1", "!127.0.0.1,!NAME,*", "NAME.example", "[127.0.0.2]:PORT"})
    void aKeyOfAnotherNameIsUnknown(String names) throws Exception {
        know(names.replace("NAME", name()).replace("PORT", String.valueOf(sshd.port())) + " " + own);
        isRejected(HostKeys.STRICT, "is not in");
    }

    @ParameterizedTest
    @EnumSource
    void aRevokedKeyIsRejected(HostKeys mode) throws Exception {
        for (String names : new String[] {name(), "127.0.0.1", "*", "[127.0.0.1]:*"}) {
            know(name() + " " + own, "@revoked " + names + " " + own);
            isRejected(mode, "is marked as revoked");
            know("@revoked " + names + " " + own);
            isRejected(mode, "is marked as revoked");
        }
        know(name() + " " + own);
        hash();
        know("@revoked " + Files.readString(knownHosts).strip());
        isRejected(mode, "is marked as revoked");
    }

    @Test
    void aRevokedKeyOfAnotherServerIsIgnored() throws Exception {
        know("@revoked * " + other);
        connects(HostKeys.ACCEPT_NEW);
        connects(HostKeys.STRICT);
    }

    @Test
    void manyHeadsAddKeysAtOnce() throws Exception {
        know("first.example " + other);
        List<Process> heads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            heads.add(ChildJvm.start(
                    ChildJvm.command(
                            AddHostKeys.class,
                            knownHosts.toString(),
                            directory.resolve("other.pub").toString()),
                    Map.of()));
        }
        for (Process head : heads) {
            assertThat(ChildJvm.result(head)).isEqualTo("true\n".repeat(4));
        }
        List<String> expected = new ArrayList<>(List.of("first.example " + other));
        IntStream.range(0, AddHostKeys.HOSTS).forEach(i -> expected.add("host-" + i + " " + other));
        assertThat(Files.readAllLines(knownHosts)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aFileThatCannotBeReadIsReported() throws Exception {
        Files.createDirectory(knownHosts);
        isRejected(HostKeys.ACCEPT_NEW, knownHosts + " cannot be used");
    }
}
