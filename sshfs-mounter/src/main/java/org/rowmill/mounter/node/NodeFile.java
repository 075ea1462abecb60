package org.rowmill.mounter.node;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A file that nodes need a copy of. A node's cache names it by its checksum: it is copied once, and all runs share it.
 *
 * @param label its name in messages
 * @param source opens its content on the head
 * @param sha256 checksum of its content, in hexadecimal
 * @param suffix of its name on the node, such as {@code .jar}
 */
public record NodeFile(String label, Source source, String sha256, String suffix) {

    /** Checks. */
    public NodeFile {
        Objects.requireNonNull(label);
        Objects.requireNonNull(source);
        Objects.requireNonNull(suffix);
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("64 hexadecimal digits were expected, not " + sha256);
        }
    }

    /** Opens the content of a file. */
    public interface Source {
        /**
         * Opens it.
         *
         * @return a stream; the caller closes it
         * @throws IOException if the content cannot be read
         */
        InputStream open() throws IOException;
    }

    /**
     * Makes a node file of a file on the head. Reads it to compute the checksum.
     *
     * @param file on the head
     * @param suffix of its name on the node: letters, digits and dots
     * @return the node file
     * @throws IOException if the file cannot be read
     */
    public static NodeFile of(Path file, String suffix) throws IOException {
        Source source = () -> Files.newInputStream(file);
        return new NodeFile(String.valueOf(file.getFileName()), source, digest(source), suffix);
    }

    /** Makes a node file of bytes in memory. */
    static NodeFile of(String label, byte[] content, String suffix) {
        Source source = () -> new ByteArrayInputStream(content);
        try {
            return new NodeFile(label, source, digest(source), suffix);
        } catch (IOException e) {
            throw new UncheckedIOException("reading memory", e);
        }
    }

    private static String digest(Source source) throws IOException {
        MessageDigest digest = newDigest();
        try (InputStream in = new DigestInputStream(source.open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns its name in the node's cache. */
    String name() {
        return sha256 + suffix;
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
