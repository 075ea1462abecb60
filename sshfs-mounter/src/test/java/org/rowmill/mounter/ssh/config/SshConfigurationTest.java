package org.rowmill.mounter.ssh.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/** What hosts mean, as ssh reads the configuration and as Rowmill reads it where there is no ssh. */
class SshConfigurationTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NO_SSH = "no-such-program";

    @TempDir
    private Path directory;

    private Path ssh;

    @BeforeEach
    void makeTheDirectory() throws IOException {
        ssh = Files.createDirectory(directory.resolve(".ssh"));
    }

    private void configure(String text) throws IOException {
        write("config", text);
    }

    private void write(String name, String text) throws IOException {
        Path file = ssh.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text.replace("DIR", ssh.toString()), StandardCharsets.ISO_8859_1);
    }

    private static ClusterNode node(Optional<String> user, OptionalInt port, Optional<Path> key) {
        return new ClusterNode("n1", user, port, key, 0, Optional.empty(), List.of(), 1);
    }

    private static ClusterNode node() {
        return node(Optional.empty(), OptionalInt.empty(), Optional.empty());
    }

    private SshTarget by(String program) throws NodeFault {
        return new SshConfiguration(ssh, program, LIMIT).target(node());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host n1\n HostName 10.0.0.1\n User u\n Port 2222\n IdentityFile DIR/%n_%r_%p_%%\n",
                "Host n*\n HostName %h.example.org\n IdentityFile ~/.ssh/a\n IdentityFile \"DIR/b c\"\nHost *\n User z\n",
                "Host !n1 *\n User no\nHost n1\n User yes\n",
                "# B\u00fcro\nHost n1\n User u # why\n",
                "Include conf.d/*/config\nUser last\n",
                "Include \"DIR/conf.d/?/con*\"\nUser last\n",
                "Host other\n Include conf.d/x/config\nHost *\n User u\n",
                "Host n1\n HostName 10.0.0.1\nMatch host 10.0.*,!10.0.0.2\n User u\n",
                "Match originalhost n1 exec \"test %h = n1\"\n User u\nMatch exec false\n Port 9\n",
                "Match !host n1\n User no\nMatch localuser nobody-here\n User no\nMatch all\n User u\n",
                "Host n1\n HostName 10.0.0.1\nMatch final host 10.0.0.1\n User u\n",
                "User u\nMatch user u\n Port 23\n",
                "Host n1\n ProxyCommand none\nHost *\n ProxyJump j\n",
                "Host n1\n ProxyJump a@b:22,c\n ProxyCommand nc %h %p\n",
                "Host n1\n ProxyCommand nc -X \"5 6\" %h %p # %r\n",
                "Host=n1\n\tUSER = \"u\"\n  port=23\n",
                "StrictHostKeyChecking no\nUserKnownHostsFile DIR/a DIR/b\nGlobalKnownHostsFile /dev/null\n",
                "StrictHostKeyChecking accept-new\nHashKnownHosts yes\nHostKeyAlias Alias\n",
                "IdentitiesOnly yes\nIdentityAgent none\nCertificateFile DIR/%r-cert.pub\nPubkeyAuthentication no\n",
                "IdentityAgent ~/.ssh/%r.sock\nBindAddress 127.0.0.1\nAddressFamily inet6\nConnectTimeout 2m\n",
                ""
            })
    void rowmillReadsWhatSshReads(String config) throws Exception {
        configure(config);
        write("conf.d/x/config", "Host n1\n User included\n Port 77\n");
        write("conf.d/.hidden/config", "User hidden\n");

        SshTarget bySsh = by("ssh");
        SshTarget byRowmill = by(NO_SSH);

        assertThat(comparable(byRowmill)).isEqualTo(comparable(bySsh));
    }

    /** Without the default keys, whose list depends on ssh's version, and the default algorithms. */
    private static SshTarget comparable(SshTarget target) {
        UserKeys keys = target.keys();
        List<Path> files = keys.files().stream()
                .filter(file -> !file.getFileName().toString().startsWith("id_"))
                .toList();
        Algorithms defaults = new Algorithms(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
        return new SshTarget(
                target.alias(),
                target.host(),
                target.user(),
                target.port(),
                target.route(),
                target.hostKey(),
                new UserKeys(files, keys.certificates(), keys.onlyThese(), keys.agent(), keys.allowed()),
                defaults,
                target.connectTimeout());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh", NO_SSH})
    void theClusterFileOverridesTheConfiguration(String program) throws Exception {
        configure("Host n1\n User u\n Port 23\n IdentityFile DIR/second\nMatch user v\n HostName 10.0.0.9\n");
        Path first = Files.createFile(ssh.resolve("first"));

        SshTarget target = new SshConfiguration(ssh, program, LIMIT)
                .target(node(Optional.of("v"), OptionalInt.of(24), Optional.of(first)));

        assertThat(target.user()).isEqualTo("v");
        assertThat(target.port()).isEqualTo(24);
        assertThat(target.host()).isEqualTo("10.0.0.9");
        assertThat(target.keys().files()).containsExactly(first, ssh.resolve("second"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh", NO_SSH})
    void aJumpHostHasItsOwnConfiguration(String program) throws Exception {
        configure("Host hop\n HostName 10.0.0.5\n User hopper\n ProxyJump first\n");
        SshConfiguration configuration = new SshConfiguration(ssh, program, LIMIT);

        SshTarget hop = configuration.jumpHost("hop:2200", Optional.empty());
        assertThat(hop).hasToString("hopper@10.0.0.5:2200");
        assertThat(hop.route()).isEqualTo(new Route.Jumps(List.of("first")));
        Route prescribed = new Route.Jumps(List.of("a", "b"));
        assertThat(configuration.jumpHost("me@[::1]:23", Optional.of(prescribed)))
                .hasToString("me@::1:23")
                .extracting(SshTarget::route)
                .isEqualTo(prescribed);
    }

    @Test
    void whatSshRejectsIsReportedInItsWords() throws Exception {
        configure("Host n1\n NoSuchOption 1\n");
        assertThatThrownBy(() -> by("ssh")).isInstanceOfSatisfying(NodeFault.class, fault -> {
            assertThat(fault.step()).isEqualTo(ConnectionStep.RESOLVE);
            assertThat(fault).hasMessageContaining(ssh.resolve("config") + ": line 2: Bad configuration option");
            assertThat(fault.fix()).contains("ssh -G n1");
        });
    }

    @Test
    void aConditionThatOnlySshKnowsIsNotIgnored() throws Exception {
        configure("Match tagged x\n User u\n");
        assertThatThrownBy(() -> by(NO_SSH)).isInstanceOfSatisfying(NodeFault.class, fault -> {
            assertThat(fault).hasMessageContaining("the condition 'tagged', which needs the program ssh");
            assertThat(fault.fix()).contains("openssh-client");
        });
    }

    @Test
    void aCommandThatDoesNotEndIsKilledAndReported() throws Exception {
        configure("Match exec \"echo $$ >DIR/pid; exec sleep 1000\"\n User u\n");
        assertThatThrownBy(() -> new SshConfiguration(ssh, "ssh", Duration.ofSeconds(3)).target(node()))
                .isInstanceOf(NodeFault.class)
                .hasMessageContaining("ssh did not end within 3 s");
        long pid = Long.parseLong(Files.readString(ssh.resolve("pid")).strip());
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ProcessHandle::onExit))
                .satisfiesAnyOf(
                        gone -> assertThat(gone).isEmpty(),
                        ending -> assertThat(ending.orElseThrow()).succeedsWithin(LIMIT));
    }

    @Test
    void anOldSshWithoutTheOptionIsNotUsed() throws Exception {
        configure("User u\n");
        Path old = Files.writeString(directory.resolve("old"), "#!/bin/sh\necho 'usage: ssh [-1246]' >&2\nexit 255\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
        assertThat(by(old.toString()).user()).isEqualTo("u");
    }

    @Test
    void sshIsAskedOnceForAHostAtATime() throws Exception {
        Path counting = Files.writeString(
                directory.resolve("counting"),
                "#!/bin/sh\necho asked >>" + directory.resolve("count") + "\necho user u\n");
        Files.setPosixFilePermissions(counting, PosixFilePermissions.fromString("rwx------"));
        SshConfiguration configuration = new SshConfiguration(ssh, counting.toString(), LIMIT);
        for (int i = 0; i < 5; i++) {
            assertThat(configuration.jumpHost("hop", Optional.empty()).user()).isEqualTo("u");
        }
        assertThat(Files.readAllLines(directory.resolve("count"))).hasSize(1);
    }
}
