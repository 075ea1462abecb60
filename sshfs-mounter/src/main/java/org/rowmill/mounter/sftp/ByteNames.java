package org.rowmill.mounter.sftp;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Converts between file names in bytes, as Unix has them, and paths of Java.
 *
 * <p>{@code Path.of(String)} uses {@code sun.jnu.encoding}. With {@code LC_ALL=C} on JDK 17 (ANSI_X3.4-1968), it
 * rejects all names that are not ASCII, and {@code toString} shows question marks in them. Only single-byte encodings
 * can represent all names. A file URI, however, contains the bytes themselves, in both directions: the conversion by
 * URI works with every locale.
 */
final class ByteNames {

    /** Longer than the longest path: the kernel rejects it before it looks up any part of it. */
    private static final Path TOO_LONG = Path.of("x/".repeat(4096));

    private static final String AFTER_NAME = "/" + TOO_LONG;

    private ByteNames() {}

    /** Converts a name, or the target of a link, to a path. Rejects empty names and names with a NUL. */
    static Path toPath(byte[] name) throws Refusal {
        if (name.length == 0 || contains(name, 0)) {
            throw new Refusal(SftpStatus.NO_SUCH_FILE, "a name that is not empty and has no NUL was expected");
        }
        if (isAscii(name)) {
            return Path.of(new String(name, StandardCharsets.US_ASCII));
        }
        Path absolute = Path.of(URI.create("file:///" + escaped(name)));
        return name[0] == '/' ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    private static String escaped(byte[] name) {
        StringBuilder text = new StringBuilder(3 * name.length);
        for (byte b : name) {
            text.append('%').append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
        }
        return text.toString();
    }

    /** Converts a path to bytes, without normalizing it. */
    static byte[] toBytes(Path path) {
        String text = path.toString();
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        return new String(ascii, StandardCharsets.US_ASCII).equals(text) ? ascii : bytesOfUri(path);
    }

    /**
     * Converts via a URI. Java checks then whether the path is a directory, and follows links: it must not find
     * anything.
     */
    private static byte[] bytesOfUri(Path path) {
        String uri = Path.of("/").resolve(path).resolve(TOO_LONG).toUri().getRawPath();
        String text = uri.substring(path.isAbsolute() ? 0 : 1, uri.lastIndexOf(AFTER_NAME));
        byte[] bytes = new byte[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes[size++] = (byte) Integer.parseInt(text, i + 1, i + 3, 16);
                i += 2;
            } else {
                bytes[size++] = (byte) c;
            }
        }
        return Arrays.copyOf(bytes, size);
    }

    private static boolean isAscii(byte[] name) {
        for (byte b : name) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    static boolean contains(byte[] name, int wanted) {
        for (byte b : name) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }
}
