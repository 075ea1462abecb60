package org.rowmill.mounter.ssh;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.SSHAgentConnector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.config.SshTarget;
import org.rowmill.mounter.ssh.config.UserKeys;

/**
 * The keys that a session tries, in the order of ssh: certificates, keys of the SSH agent that have a file, other keys
 * of the agent, key files. A file that cannot be used is skipped; the reason is noted.
 */
final class SshKeys implements IdentityRepository {

    private final List<Identity> keys = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final List<Path> needPassphrase = new ArrayList<>();

    private final SshTarget target;
    private final UserKeys wanted;
    private final Runnable onStart;
    private boolean read;

    /**
     * Makes the keys of one session.
     *
     * @param onStart called when the authentication begins
     */
    SshKeys(SshTarget target, Runnable onStart) {
        this.target = target;
        this.wanted = target.keys();
        this.onStart = onStart;
    }

    /** Reads the keys at the first call, after the server's key is accepted. An agent may answer slowly. */
    @Override
    public Vector<Identity> getIdentities() {
        onStart.run();
        synchronized (this) {
            if (!read && wanted.allowed()) {
                read();
            }
            read = true;
            return new Vector<>(keys);
        }
    }

    private void read() {
        List<Identity> held = agent();
        List<KeyFile> files = wanted.files().stream().map(KeyFile::read).toList();
        addCertificates(held, files);
        for (KeyFile file : files) {
            held.stream()
                    .filter(key -> file.hasPublicKey(key.getPublicKeyBlob()))
                    .forEach(key -> add(key, file.path() + " (by the agent)"));
        }
        if (!wanted.onlyThese()) {
            held.forEach(key -> add(key, "key " + key.getName() + " of the agent"));
        }
        for (KeyFile file : files) {
            add(file);
        }
    }

    private void addCertificates(List<Identity> held, List<KeyFile> files) {
        for (Path file : wanted.certificates()) {
            if (!addCertificate(file, held, files)) {
                skipped.add(file + " (no certificate of one of the keys)");
            }
        }
        for (KeyFile file : files) {
            addCertificate(file.path().resolveSibling(file.path().getFileName() + "-cert.pub"), held, files);
        }
    }

    /** Adds a certificate, if its private key is in the agent or in a file without a passphrase. */
    private boolean addCertificate(Path path, List<Identity> held, List<KeyFile> files) {
        byte[] certificate = KeyFile.publicKey(path);
        Optional<byte[]> publicKey = CertifiedKey.publicKey(certificate);
        if (!CertifiedKey.isCertificate(certificate) || publicKey.isEmpty()) {
            return false;
        }
        Optional<Identity> key = held.stream()
                .filter(other -> Arrays.equals(other.getPublicKeyBlob(), publicKey.get()))
                .findFirst()
                .or(() -> files.stream()
                        .filter(file -> file.hasPublicKey(publicKey.get()))
                        .flatMap(file -> file.privateKey().stream())
                        .filter(other -> !other.isEncrypted())
                        .findFirst());
        key.ifPresent(own -> add(new CertifiedKey(certificate, own), "certificate " + path));
        return key.isPresent();
    }

    private void add(KeyFile file) {
        if (has(file.publicKey())) {
            return;
        }
        if (file.privateKey().isEmpty()) {
            if (!file.isMissingDefault()) {
                skipped.add(file.path() + " (" + file.problem() + ")");
            }
        } else if (file.privateKey().get().isEncrypted()) {
            needPassphrase.add(file.path());
        } else {
            add(file.privateKey().get(), file.path().toString());
        }
    }

    private void add(Identity key, String name) {
        if (!has(key.getPublicKeyBlob())) {
            keys.add(key);
            names.add(name);
        }
    }

    private boolean has(byte[] publicKey) {
        return publicKey.length > 0
                && keys.stream().anyMatch(other -> Arrays.equals(other.getPublicKeyBlob(), publicKey));
    }

    private List<Identity> agent() {
        if (wanted.agent().isEmpty()) {
            return List.of();
        }
        try {
            AgentIdentityRepository agent = new AgentIdentityRepository(
                    new SSHAgentConnector(wanted.agent().get()));
            return agent.getStatus() == RUNNING ? List.copyOf(agent.getIdentities()) : List.of();
        } catch (AgentProxyException e) {
            // Go on as without an agent: if the server rejects the other keys, the fault lists the keys that were
            // tried.
            return List.of();
        }
    }

    /** Lists the keys that are tried, in their order. */
    synchronized String names() {
        return String.join(", ", names);
    }

    /** Lists the files that are not tried, each with the reason. */
    synchronized List<String> skipped() {
        List<String> all = new ArrayList<>(skipped);
        needPassphrase.forEach(file -> all.add(file + " (it has a passphrase and is in no SSH agent)"));
        return List.copyOf(all);
    }

    /** Returns why there is no key to try. */
    synchronized Optional<NodeFault> fault() {
        if (!read || !keys.isEmpty()) {
            return Optional.empty();
        }
        if (!wanted.allowed()) {
            return Optional.of(fault(
                    "the SSH configuration has PubkeyAuthentication no, and Rowmill logs in with keys only",
                    "Set PubkeyAuthentication yes for this host."));
        }
        if (!needPassphrase.isEmpty()) {
            return Optional.of(fault(
                    "the key " + needPassphrase.get(0) + " has a passphrase and is in no SSH agent",
                    "Start an agent and add the key: eval \"$(ssh-agent)\" && ssh-add " + needPassphrase.get(0)));
        }
        if (!skipped.isEmpty()) {
            return Optional.of(fault(
                    "no key can be used: " + String.join(", ", skipped),
                    "Give a private key that you can read, as ssh-keygen makes it, or add the key to the SSH agent."));
        }
        return Optional.of(fault(
                "there is no key to log in with: none of "
                        + String.join(
                                ", ",
                                wanted.files().stream().map(Path::toString).toList())
                        + ", and none in an SSH agent",
                "Create one with: ssh-keygen -t ed25519; then: " + target.command("ssh-copy-id")));
    }

    private static NodeFault fault(String why, String fix) {
        return new NodeFault(ConnectionStep.AUTHENTICATE, why, fix);
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
