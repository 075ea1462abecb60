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

/** The keys that a session tries: key files, then the agent's. Those with a passphrase are tried only where the agent has them. */
final class SshKeys implements IdentityRepository {

    private static final List<String> DEFAULT_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final List<Identity> keys = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Path> locked = new ArrayList<>();

    private final SshTarget target;
    private final Path directory;
    private boolean read;
    private Optional<NodeFault> fault = Optional.empty();

    SshKeys(SshTarget target, Path directory) {
        this.target = target;
        this.directory = directory;
    }

    /** JSch asks for them when the server's key is accepted; an agent may take its time. */
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

    /** Why there is no key to try. */
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
        refuseNone();
    }

    /** The keys that are tried, in their order. */
    synchronized String names() {
        return String.join(", ", names);
    }

    /** Key files that have a passphrase and are not in the agent. */
    synchronized List<Path> locked() {
        return List.copyOf(locked);
    }

    private void add(Path file, List<Identity> held) throws NodeFault {
        Identity key = load(file);
        Identity twin = held.stream()
                .filter(other -> Arrays.equals(other.getPublicKeyBlob(), key.getPublicKeyBlob()))
                .findFirst()
                .orElse(key);
        if (twin.isEncrypted()) {
            locked.add(file);
        } else {
            add(twin, twin == key ? file.toString() : file + " (by the agent)");
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
            // As without an agent; the keys that were tried are told when the server refuses them.
            return List.of();
        }
    }

    private void refuseNone() throws NodeFault {
        if (!keys.isEmpty()) {
            return;
        }
        if (locked.isEmpty()) {
            throw new NodeFault(
                    ConnectionStep.AUTHENTICATE,
                    "there is no key to log in with: neither " + String.join(", ", DEFAULT_FILES) + " in " + directory
                            + " nor an agent's",
                    "Make one with: ssh-keygen -t ed25519; then: " + target.command("ssh-copy-id"));
        }
        throw new NodeFault(
                ConnectionStep.AUTHENTICATE,
                "the key " + locked.get(0) + " has a passphrase, and no agent has it",
                "Start an agent and add the key: eval \"$(ssh-agent)\" && ssh-add " + locked.get(0));
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
        // They are for one session and end with it.
    }
}
