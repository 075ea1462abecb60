package org.rowmill.mounter.ssh;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SSHAgentConnector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;

/**
 * The keys that a session tries: key files first, then the keys of the SSH agent. A key file with a passphrase is tried
 * only if the agent has the key.
 */
final class SshKeys implements IdentityRepository {

    private static final List<String> DEFAULT_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final List<Identity> keys = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Path> needPassphrase = new ArrayList<>();

    private final SshTarget target;
    private final Path directory;
    private boolean read;
    private Optional<NodeFault> fault = Optional.empty();

    SshKeys(SshTarget target, Path directory) {
        this.target = target;
        this.directory = directory;
    }

    /** Reads the keys at the first call, after the server's key is accepted. An agent may answer slowly. */
    @Override
    public synchronized Vector<Identity> getIdentities() {
        if (!read) {
            read = true;
            try {
                read();
            } catch (NodeFault e) {
                keys.clear();
                fault = Optional.of(e);
            }
        }
        return new Vector<>(keys);
    }

    /** Returns why there is no key to try. */
    synchronized Optional<NodeFault> fault() {
        return fault;
    }

    private void read() throws NodeFault {
        List<Identity> held = agent(target);
        boolean named = !target.keyFiles().isEmpty();
        List<Path> files = named
                ? target.keyFiles()
                : DEFAULT_FILES.stream().map(directory::resolve).toList();
        for (Path file : files) {
            if (Files.exists(file)) {
                add(file, held);
            } else if (named && target.onlyTheseKeys()) {
                throw new NodeFault(
                        ConnectionStep.AUTHENTICATE,
                        "there is no key file " + file,
                        "Give the private key's file in column local_ssh_file.");
            }
        }
        for (Identity key : held) {
            if (!named || !target.onlyTheseKeys()) {
                add(key, "key " + key.getName() + " of the agent");
            }
        }
        requireOne();
    }

    /** Lists the keys that are tried, in their order. */
    synchronized String names() {
        return String.join(", ", names);
    }

    /** Returns key files with a passphrase whose keys the agent does not have. */
    synchronized List<Path> needPassphrase() {
        return List.copyOf(needPassphrase);
    }

    private void add(Path file, List<Identity> held) throws NodeFault {
        Identity key = load(file);
        Identity sameInAgent = held.stream()
                .filter(other -> Arrays.equals(other.getPublicKeyBlob(), key.getPublicKeyBlob()))
                .findFirst()
                .orElse(key);
        if (sameInAgent.isEncrypted()) {
            needPassphrase.add(file);
        } else {
            add(sameInAgent, sameInAgent == key ? file.toString() : file + " (by the agent)");
        }
    }

    private void add(Identity key, String name) {
        if (keys.stream().noneMatch(other -> Arrays.equals(other.getPublicKeyBlob(), key.getPublicKeyBlob()))) {
            keys.add(key);
            names.add(name);
        }
    }

    private static Identity load(Path file) throws NodeFault {
        try {
            JSch jsch = new JSch();
            jsch.addIdentity(file.toString());
            return jsch.getIdentityRepository().getIdentities().get(0);
        } catch (JSchException e) {
            throw new NodeFault(
                    ConnectionStep.AUTHENTICATE,
                    "key file " + file + " cannot be used: " + e.getMessage(),
                    "Give a private key that you can read, as ssh-keygen makes it (not the .pub file).");
        }
    }

    private static List<Identity> agent(SshTarget target) {
        if (target.agent().isEmpty()) {
            return List.of();
        }
        try {
            AgentIdentityRepository agent = new AgentIdentityRepository(
                    new SSHAgentConnector(target.agent().get()));
            return agent.getStatus() == RUNNING ? List.copyOf(agent.getIdentities()) : List.of();
        } catch (AgentProxyException e) {
            // Go on as without an agent: if the server rejects the other keys, the fault lists the keys that were
            // tried.
            return List.of();
        }
    }

    private void requireOne() throws NodeFault {
        if (!keys.isEmpty()) {
            return;
        }
        if (needPassphrase.isEmpty()) {
            throw new NodeFault(
                    ConnectionStep.AUTHENTICATE,
                    "there is no key to log in with: none of " + String.join(", ", DEFAULT_FILES) + " in " + directory
                            + ", and none in an SSH agent",
                    "Create one with: ssh-keygen -t ed25519; then: " + target.command("ssh-copy-id"));
        }
        throw new NodeFault(
                ConnectionStep.AUTHENTICATE,
                "the key " + needPassphrase.get(0) + " has a passphrase and is in no SSH agent",
                "Start an agent and add the key: eval \"$(ssh-agent)\" && ssh-add " + needPassphrase.get(0));
    }

    @Override
    public String getName() {
        return "keys of Rowmill";
    }

    @Override
    public int getStatus() {
        return RUNNING;
    }

    @Override
    public boolean add(byte[] identity) {
        return false;
    }

    @Override
    public boolean remove(byte[] blob) {
        return false;
    }

    @Override
    public void removeAll() {
        // The keys are for one session.
    }
}
