package org.rowmill.mounter.ssh;

import com.jcraft.jsch.Identity;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * A file that IdentityFile names.
 *
 * @param path the file
 * @param privateKey the private key, which may have a passphrase; empty: the file has none that can be used
 * @param publicKey the public key, from the same file or from the one beside it; empty array: unknown
 * @param problem why the private key cannot be used; empty if it can
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeyFile(Path path, Optional<Identity> privateKey, byte[] publicKey, String problem) {

    private static final Set<String> DEFAULT_NAMES =
            Set.of("id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "id_xmss", "id_dsa");
    private static final String MISSING = "there is no such file";
    private static final String ONLY_PUBLIC = "there is only the public key, and no SSH agent has the private key";

    static KeyFile read(Path path) {
        Path beside = path.resolveSibling(path.getFileName() + ".pub");
        if (!Files.exists(path)) {
            byte[] blob = publicKey(beside);
            return new KeyFile(path, Optional.empty(), blob, blob.length == 0 ? MISSING : ONLY_PUBLIC);
        }
        byte[] own = publicKey(path);
        if (own.length > 0) {
            return new KeyFile(path, Optional.empty(), own, ONLY_PUBLIC);
        }
        try {
            JSch jsch = new JSch();
            jsch.addIdentity(path.toString());
            Identity key = jsch.getIdentityRepository().getIdentities().get(0);
            byte[] blob = key.getPublicKeyBlob();
            return new KeyFile(path, Optional.of(key), blob == null ? publicKey(beside) : blob, "");
        } catch (JSchException e) {
            return new KeyFile(path, Optional.empty(), publicKey(beside), String.valueOf(e.getMessage()));
        }
    }

    /** Returns whether the file is one that ssh tries if none is configured, and does not exist. */
    boolean isMissingDefault() {
        return problem.equals(MISSING)
                && DEFAULT_NAMES.contains(path.getFileName().toString());
    }

    boolean hasPublicKey(byte[] blob) {
        return publicKey.length > 0 && Arrays.equals(publicKey, blob);
    }

    /** Reads a public key or a certificate: a type and a key in Base64. Returns an empty array if there is none. */
    static byte[] publicKey(Path path) {
        try {
            if (Files.size(path) > 1 << 20) {
                return new byte[0];
            }
            String[] words =
                    Files.readString(path, StandardCharsets.ISO_8859_1).strip().split("\\s+", 3);
            byte[] key = words.length < 2 ? new byte[0] : Base64.getDecoder().decode(words[1]);
            return HostKeyEntries.type(key).equals(words[0]) ? key : new byte[0];
        } catch (IOException | IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
