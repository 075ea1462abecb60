package org.rowmill.mounter.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the host key of one session, and records the result. It replaces JSch's own repository, which does not check
 * at all with {@code accept-new}, rewrites the whole file to add a line, and reports the key of a server on another
 * port as changed. JSch's thread calls it; other threads read the result afterwards.
 */
final class KnownHosts implements HostKeyRepository {

    private final KnownHostsFile file;
    private final String name;
    private final HostKeys mode;
    private final Runnable onStart;
    private final Runnable onAccepted;

    private volatile String shown = "";
    private volatile String verdict = "";
    private volatile Optional<String> problem = Optional.empty();

    /**
     * Makes a repository for one session.
     *
     * @param onStart called when the server has sent its greeting and the key exchange begins
     * @param onAccepted called when the key is accepted
     */
    KnownHosts(KnownHostsFile file, String name, HostKeys mode, Runnable onStart, Runnable onAccepted) {
        this.file = file;
        this.name = name;
        this.mode = mode;
        this.onStart = onStart;
        this.onAccepted = onAccepted;
    }

    /** Returns type and fingerprint of the key that the server showed, as ssh-keygen prints them; empty: none yet. */
    String shown() {
        return shown;
    }

    /** Returns how the key was accepted: known, added, or not checked. */
    String verdict() {
        return verdict;
    }

    /** Returns why a key could not be looked up or added. */
    Optional<String> problem() {
        return problem;
    }

    @Override
    public int check(String host, byte[] key) {
        shown = KnownHostsFile.type(key) + " " + fingerprint(key);
        try {
            KnownHostsFile.Match match = judge(key);
            if (match == KnownHostsFile.Match.KNOWN) {
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

    private KnownHostsFile.Match judge(byte[] key) throws IOException {
        KnownHostsFile.Match match = file.match(name, key);
        if (match != KnownHostsFile.Match.REVOKED && mode == HostKeys.OFF) {
            verdict = "not checked";
            return KnownHostsFile.Match.KNOWN;
        }
        verdict = "known";
        if (match == KnownHostsFile.Match.UNKNOWN && mode == HostKeys.ACCEPT_NEW) {
            match = file.add(name, key);
            verdict = "added";
        }
        return match;
    }

    /**
     * Returns the keys of the host. JSch calls this first without a type, to prefer the key types that are known; later
     * it calls it with a type, to find revoked keys.
     */
    @Override
    public HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
        if (type == null) {
            onStart.run();
        }
        try {
            List<HostKey> keys = new ArrayList<>();
            Base64.Decoder decoder = Base64.getDecoder();
            for (KnownHostsFile.Entry entry : file.entries(name)) {
                if (entry.isRevoked() == (type != null)) {
                    keys.add(new HostKey(entry.marker(), name, HostKey.GUESS, decoder.decode(entry.key()), ""));
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

    @Override
    public String getKnownHostsRepositoryID() {
        return file.path().toString();
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

    @Override
    public HostKey[] getHostKey() {
        return getHostKey(name, null);
    }
}
