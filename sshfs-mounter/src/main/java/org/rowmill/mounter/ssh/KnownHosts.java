package org.rowmill.mounter.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rowmill.mounter.ssh.config.HostKeyRules;

/**
 * Checks the host key of one session, and records the result. It replaces JSch's own repository, which does not check
 * at all with {@code accept-new}, rewrites the whole file to add a line, and reports the key of a server on another
 * port as changed. JSch's thread calls it; other threads read the result afterwards.
 */
final class KnownHosts implements HostKeyRepository {

    private static final String EVERY_HOST = "*";

    private final HostKeyRules rules;
    private final Runnable onStart;
    private final Runnable onAccepted;

    private volatile HostKeyPolicy policy;
    private volatile String shown = "";
    private volatile String verdict = "";
    private volatile Optional<String> problem = Optional.empty();

    /**
     * Makes a repository for one session.
     *
     * @param onStart called when the server has sent its greeting and the key exchange begins
     * @param onAccepted called when the key is accepted
     */
    KnownHosts(HostKeyRules rules, HostKeyPolicy policy, Runnable onStart, Runnable onAccepted) {
        this.rules = rules;
        this.policy = policy;
        this.onStart = onStart;
        this.onAccepted = onAccepted;
    }

    /** Accepts every key that is not revoked. Called before the session begins. */
    void acceptAll() {
        policy = HostKeyPolicy.ACCEPT_ALL;
    }

    /** Returns whether a certificate authority is known for the host. */
    boolean hasAuthority() {
        try {
            return read().of(rules.name()).stream().anyMatch(HostKeyEntries.Entry::isAuthority);
        } catch (IOException e) {
            return false; // The check reports it.
        }
    }

    /** Describes the key that the server showed, and how it was accepted. */
    String info() {
        return shown.isEmpty() ? "certificate of a known authority" : shown + " (" + verdict + ")";
    }

    /** Returns type and fingerprint of the key that the server showed, as ssh-keygen prints them; empty: none yet. */
    String shown() {
        return shown;
    }

    /** Returns why a key could not be looked up. */
    Optional<String> problem() {
        return problem;
    }

    @Override
    public int check(String host, byte[] key) {
        shown = HostKeyEntries.type(key) + " " + fingerprint(key);
        try {
            HostKeyEntries.Match match = judge(key);
            if (match == HostKeyEntries.Match.KNOWN) {
                onAccepted.run();
            }
            return switch (match) {
                // JSch itself rejects a revoked key, by its marker in getHostKey().
                case KNOWN, REVOKED -> OK;
                case CHANGED -> CHANGED;
                case UNKNOWN -> NOT_INCLUDED;
            };
        } catch (IOException e) {
            problem = Optional.of(e.toString());
            return NOT_INCLUDED;
        }
    }

    private HostKeyEntries.Match judge(byte[] key) throws IOException {
        HostKeyEntries.Match match = read().match(rules.name(), key);
        verdict = "known";
        if (match == HostKeyEntries.Match.UNKNOWN && policy.adds()) {
            match = add(key);
        }
        boolean accepted = switch (match) {
            case KNOWN, REVOKED -> false;
            case UNKNOWN -> policy == HostKeyPolicy.ACCEPT_ALL;
            case CHANGED -> policy.acceptsChanged();
        };
        if (accepted) {
            verdict = match == HostKeyEntries.Match.CHANGED ? "changed, not checked" : "not checked";
            return HostKeyEntries.Match.KNOWN;
        }
        return match;
    }

    /** Adds the key to the user's first file. As for ssh, a file that cannot be written does not prevent the login. */
    private HostKeyEntries.Match add(byte[] key) {
        verdict = "added";
        if (rules.userFiles().isEmpty()) {
            verdict = "not added, because UserKnownHostsFile is none";
            return HostKeyEntries.Match.KNOWN;
        }
        try {
            return new KnownHostsFile(rules.userFiles().get(0)).add(rules.name(), key, rules.hashNames());
        } catch (IOException e) {
            verdict = "not added: " + e;
            return HostKeyEntries.Match.KNOWN;
        }
    }

    private HostKeyEntries read() throws IOException {
        HostKeyEntries all = HostKeyEntries.NONE;
        for (Path file : rules.revoked()) {
            all = all.plus(revoked(file));
        }
        for (Path file : rules.userFiles()) {
            all = all.plus(new KnownHostsFile(file).read());
        }
        for (Path file : rules.globalFiles()) {
            if (Files.isReadable(file)) {
                all = all.plus(new KnownHostsFile(file).read());
            }
        }
        return all;
    }

    /** As for ssh, a file of revoked keys that cannot be read revokes every key. */
    private static HostKeyEntries revoked(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.startsWith("SSHKRL\n")) {
            throw new IOException(file + " (RevokedHostKeys) is a binary list; only a text file is supported");
        }
        return HostKeyEntries.revoked(text.lines());
    }

    /**
     * Returns the keys of the host. JSch calls this first without a type, to prefer the key types that are known; later
     * it calls it with a type, to find revoked keys.
     */
    @Override
    public HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
        if (type == null) {
            onStart.run();
            return keys(HostKeyEntries.Entry::isKey, rules.name());
        }
        return keys(HostKeyEntries.Entry::isRevoked, rules.name());
    }

    /** Returns the authorities of the host and the revoked keys, with which JSch checks a host certificate. */
    @Override
    public HostKey[] getHostKey() {
        return keys(entry -> !entry.isKey(), EVERY_HOST);
    }

    private HostKey[] keys(Predicate<HostKeyEntries.Entry> wanted, String name) {
        try {
            List<HostKey> keys = new ArrayList<>();
            for (HostKeyEntries.Entry entry : read().of(rules.name())) {
                if (wanted.test(entry)) {
                    byte[] key = Base64.getDecoder().decode(entry.key());
                    keys.add(new HostKey(entry.marker(), name, HostKey.GUESS, key, ""));
                }
            }
            return keys.toArray(HostKey[]::new);
        } catch (IOException | JSchException e) {
            problem = Optional.of(e.toString());
            return new HostKey[0];
        }
    }

    private static String fingerprint(byte[] key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the file that contradicts the server's key, or else the file in which the key is missing. */
    @Override
    public String getKnownHostsRepositoryID() {
        return rules.files().stream()
                .filter(this::hasOtherKeys)
                .findFirst()
                .or(() -> rules.files().stream().findFirst())
                .map(Path::toString)
                .orElse("known_hosts");
    }

    private boolean hasOtherKeys(Path file) {
        try {
            return new KnownHostsFile(file).read().of(rules.name()).stream().anyMatch(entry -> !entry.isAuthority());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void add(HostKey key, UserInfo user) {
        // check() adds the key, because it can still reject it.
    }

    @Override
    public void remove(String host, String type) {
        // No line of the user's file is ever removed.
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        // No line of the user's file is ever removed.
    }
}
