package org.rowmill.mounter.sftp;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * File names as the bytes they are on Unix.
 *
 * <p>{@code Path.of(String)} goes through {@code sun.jnu.encoding}: with {@code LC_ALL=C} on JDK 17 (ANSI_X3.4-1968) it
 * refuses every name that is not ASCII, {@code toString} shows such a name as question marks, and no encoding but a
 * single-byte one holds all names. A file URI, though, carries the bytes themselves in both directions, so these names
 * work whatever the locale is.
 */
final class ByteNames {

    /** More than a path can be: the kernel refuses it before it looks at any part of it. */
    private static final Path TOO_LONG = Path.of("x/".repeat(4096));

    private static final String AFTER_NAME = "/" + TOO_LONG;

    private ByteNames() {}

    /** The relative path of a name, or of a link's target, which is not NUL or empty. */
    static Path toPath(byte[] name) throws Refusal {
        if (name.length == 0 || contains(name, 0)) {
            throw new Refusal(SftpStatus.NO_SUCH_FILE, "an empty name or one with a NUL");
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

    /** The bytes of a path as it stands. */
    static byte[] toBytes(Path path) {
        String text = path.toString();
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        return new String(ascii, StandardCharsets.US_ASCII).equals(text) ? ascii : bytesOfUri(path);
    }

    /** The conversion to a URI looks whether the path is a directory, links followed: it must not find anything. */
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
