package org.rowmill.mounter.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.NodeFault;

/** Keys with a passphrase in a real SSH agent, and configurations that name keys and agents. */
@Tag("slow")
class SshAgentTest {

    private static final String PASSPHRASE = "secret words";

    @TempDir
    private Path directory;

    private TestSshd sshd;
    private Process agent;
    private Path socket;

    /** The key that the server accepts. It has a passphrase. */
    private Path key;

    @BeforeEach
    void start() throws IOException {
        sshd = TestSshd.start(directory, "ed25519");
        key = directory.resolve("locked");
        TestSshd.keygen(key, "ed25519", PASSPHRASE);
        Files.copy(publicKey(), directory.resolve("authorized_keys"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(sshd.userFiles().resolve("id_ed25519"));
        socket = directory.resolve("agent");
        agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().until(() -> Files.exists(socket));
    }

    @AfterEach
    void stop() throws InterruptedException {
        agent.destroy();
        agent.waitFor();
        sshd.close();
    }

    private Path publicKey() {
        return Path.of(key + ".pub");
    }

    /** Adds the key to the agent; ssh-add gets the passphrase from a program. */
    private void addToAgent() throws IOException, InterruptedException {
        Path answer = Files.writeString(directory.resolve("answer"), "#!/bin/sh\necho '" + PASSPHRASE + "'\n");
        Files.setPosixFilePermissions(answer, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", key.toString()).redirectErrorStream(true);
        add.environment()
                .putAll(Map.of(
                        "SSH_AUTH_SOCK",
                        socket.toString(),
                        "SSH_ASKPASS",
                        answer.toString(),
                        "SSH_ASKPASS_REQUIRE",
                        "force",
                        "DISPLAY",
                        "none"));
        Process process = add.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private void configure(String lines) throws IOException {
        Files.writeString(sshd.userFiles().resolve("config"), lines);
    }

    private void connects(Optional<Path> keyFile) throws Exception {
        SshSession.connect(
                        TestSshd.node("127.0.0.1", OptionalInt.of(sshd.port()), keyFile),
                        sshd.settings(HostKeys.ACCEPT_NEW))
                .close();
    }

    private String connectInAChild(String agentSocket) throws Exception {
        return ChildJvm.result(ChildJvm.start(
                ChildJvm.command(ConnectOnce.class, sshd.userFiles().toString(), String.valueOf(sshd.port())),
                Map.of("SSH_AUTH_SOCK", agentSocket)));
    }

    @Test
    void aKeyOfTheAgentInTheEnvironmentNeedsNoFile() throws Exception {
        assertThat(connectInAChild(socket.toString())).contains("no SSH agent has the private key");
        addToAgent();
        Files.delete(key);
        assertThat(connectInAChild(socket.toString())).isEqualTo("connected to 127.0.0.1\n");
        assertThat(connectInAChild(directory.resolve("nobody").toString()))
                .contains("no SSH agent has the private key");
    }

    @Test
    void theConfiguredAgentIsUsed() throws Exception {
        addToAgent();
        configure("Host 127.*\n  IdentityAgent " + socket + "\n");
        connects(Optional.empty());
        configure("Host 127.*\n  IdentityAgent none\n");
        assertThatThrownBy(() -> connects(Optional.empty())).hasMessageContaining("no SSH agent has the private key");
    }

    @Test
    void aKeyFileWithAPassphraseIsUsedOnceTheAgentHasIt() throws Exception {
        configure("IdentityAgent \"" + socket + "\"\n");
        assertThatThrownBy(() -> connects(Optional.of(key)))
                .hasMessageContaining("the key " + key + " has a passphrase and is in no SSH agent");
        addToAgent();
        connects(Optional.of(key));
    }

    @Test
    void theConfiguredKeyIsUsed() throws Exception {
        addToAgent();
        Path own = directory.resolve("own");
        TestSshd.keygen(own, "ecdsa", "");
        Files.copy(Path.of(own + ".pub"), directory.resolve("authorized_keys"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> connects(Optional.empty())).isInstanceOf(NodeFault.class);
        configure("Host *\n  IdentityFile " + directory + "/absent\n  IdentityFile " + own + "\n");
        connects(Optional.empty());
    }

    @Test
    void otherKeysOfTheAgentAreNotTriedWithIdentitiesOnly() throws Exception {
        addToAgent();
        Path other = directory.resolve("other");
        TestSshd.keygen(other, "ed25519", "");
        configure("IdentityAgent " + socket + "\nIdentityFile " + other + "\n");
        connects(Optional.empty());
        configure("IdentityAgent " + socket + "\nIdentityFile " + other + "\nIdentitiesOnly yes\n");
        assertThatThrownBy(() -> connects(Optional.empty()))
                .hasMessageContaining("rejects the login of")
                .hasMessageContaining("tried: " + other);
    }
}
