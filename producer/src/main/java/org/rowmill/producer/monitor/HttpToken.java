package org.rowmill.producer.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;

/** The token that a client must show to read metrics: one word in a file that only its owner can read. */
public final class HttpToken {

    private static final int RANDOM_BYTES = 24;
    private static final Pattern WORD = Pattern.compile("[!-~]{16,}");
    private static final String SCHEME = "Bearer ";
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final byte[] expected;

    private HttpToken(String word) {
        expected = (SCHEME + word).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads the token. If the file does not exist, creates it with 192 random bits.
     *
     * @throws WrongInput if other users may read the file, or it contains no token
     */
    public static HttpToken of(Path file) {
        try {
            if (Files.notExists(file)) {
                create(file);
            }
            return read(file);
        } catch (IOException | UnsupportedOperationException e) { // Windows has no POSIX permissions
            throw new WrongInput(
                    "--http-token-file " + file + ": the token can be neither read nor created (" + e + ")");
        }
    }

    private static HttpToken read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER.containsAll(permissions)) {
            throw new WrongInput(
                    "--http-token-file " + file + ": expected a file that only its owner can read, but its mode is "
                            + PosixFilePermissions.toString(permissions) + ". Run chmod 600 " + file
                            + ", and change the token");
        }
        String word = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!WORD.matcher(word).matches()) {
            throw new WrongInput(
                    "--http-token-file " + file
                            + ": expected one word of 16 or more ASCII characters. Rowmill creates the file if it is missing");
        }
        return new HttpToken(word);
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
        Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
    }

    /** Whether the header {@code Authorization} shows the token. The time does not depend on where they differ. */
    public boolean isShownBy(@Nullable String authorization) {
        return authorization != null
                && MessageDigest.isEqual(expected, authorization.getBytes(StandardCharsets.ISO_8859_1));
    }
}
