package org.rowmill.producer.inputs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * What is known of an input file.
 *
 * @param stamp hash of its size and modification time; {@link #NO_FILE} if there is no regular file; {@link #UNKNOWN}
 * @param content hash of its content; 0: unknown
 */
record FileState(long stamp, long content) {

    /** The values of the row are being computed again: they are older than the file, or as old. */
    static final long UNKNOWN = 0;

    /** A directory, or nothing. Rows often write such paths; they are not compared. */
    static final long NO_FILE = 1;

    private static final long FIRST_STAMP = 2;

    /**
     * Reads the size and the time of a file, and no content. Follows links.
     *
     * @param file an absolute path
     */
    static FileState of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? new FileState(stamp(attributes), 0) : new FileState(NO_FILE, 0);
        } catch (IOException e) {
            return new FileState(NO_FILE, 0);
        }
    }

    private static long stamp(BasicFileAttributes attributes) {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(attributes.size())
                .putLong(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
                .array();
        return atLeast(MurmurHash3.hash128x64(bytes, 0, bytes.length, 0)[0], FIRST_STAMP);
    }

    private static long atLeast(long hash, long least) {
        return hash >= 0 && hash < least ? hash + least : hash;
    }

    /**
     * Adds the hash of the content.
     *
     * @param file the file
     * @param maxBytes larger files are not read
     * @return this state if the file is larger, cannot be read, or has changed since this state was read
     */
    FileState withContent(Path file, long maxBytes) {
        if (stamp == NO_FILE) {
            return this;
        }
        try {
            if (Files.size(file) > maxBytes) {
                return this;
            }
            long hash;
            try (InputStream in = Files.newInputStream(file)) {
                hash = ByteBuffer.wrap(DigestUtils.sha256(in)).getLong();
            }
            return of(file).stamp == stamp ? new FileState(stamp, atLeast(hash, 1)) : this;
        } catch (IOException e) {
            return this;
        }
    }

    /** How a file compares with its state when the values of a row were computed. */
    enum Comparison {
        SAME,
        /** The file is the same, but its time is not. */
        TOUCHED,
        CHANGED,
        /** There is no file any more. */
        GONE
    }

    /**
     * Compares this state, without content, with a stored one.
     *
     * @param stored the state when the values of the row were computed
     * @param file the file, whose content is read if only that can decide
     * @param maxBytes larger files are not read
     */
    Comparison compare(FileState stored, Path file, long maxBytes) {
        if (stored.stamp == stamp || stored.stamp == NO_FILE) {
            return Comparison.SAME;
        }
        if (stored.stamp == UNKNOWN) {
            return stamp == NO_FILE ? Comparison.GONE : Comparison.CHANGED;
        }
        if (stamp == NO_FILE) {
            return Comparison.GONE;
        }
        boolean isTouched = stored.content != 0 && withContent(file, maxBytes).content == stored.content;
        return isTouched ? Comparison.TOUCHED : Comparison.CHANGED;
    }
}
