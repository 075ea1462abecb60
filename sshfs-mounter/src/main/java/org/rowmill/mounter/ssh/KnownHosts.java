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
 * What one session is told of host keys, and what it found. JSch's own repository takes {@code accept-new} for no check, rewrites the
 * whole file to add a line, and calls a key of another port's server a changed one. JSch's thread calls; others read when it is done.
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
     * A repository for one session.
     *
     * @param onStart called when the server has greeted and the key exchange begins
     * @param onAccepted called when its key is accepted
     */
    KnownHosts(KnownHostsFile file, String name, HostKeys mode, Runnable onStart, Runnable onAccepted) {
        this.file = file;
        this.name = name;
        this.mode = mode;
        this.onStart = onStart;
        this.onAccepted = onAccepted;
    }

    /** The key that the server showed: type and fingerprint, as ssh-keygen prints it; empty: none yet. */
    String shown() {
        return shown;
    }

    /** What became of it, in a word or two. */
    String verdict() {
        return verdict;
    }

    /** Why a key could not be looked up or added. */
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
                // JSch itself refuses a revoked one, by its marker.
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

    /** JSch asks without a type to prefer key types that are known, as its first step; and with one to find revoked keys. */
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
        // Added by check(), which can still refuse.
    }

    @Override
    public void remove(String host, String type) {
        // Nothing is ever removed from a user's file.
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        // Nothing is ever removed from a user's file.
    }

    @Override
    public HostKey[] getHostKey() {
        return getHostKey(name, null);
    }
}
