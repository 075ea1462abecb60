package org.rowmill.store.parts;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * A checksum of a whole part. Parquet has checksums of the content of pages, but not of headers and the footer, which
 * say how to read a page and contain the bounds by which readers skip rows.
 *
 * <p>The checksum is in the metadata of the footer, as eight hexadecimal digits. It is the CRC32C of the file with
 * zeros instead of the digits; the digits are filled in last.
 */
public final class PartChecksum {

    /** Key in the metadata. */
    static final String KEY = "rowmill.crc32c";

    /** Value until the file is complete. */
    static final String NONE = "00000000";

    /** The bytes before the digits: the key, the Thrift header of the second field (a string), and its length. */
    private static final byte[] BEFORE = (KEY + "\u0018\b").getBytes(StandardCharsets.US_ASCII);

    private static final int BUFFER_BYTES = 1 << 16;

    /** Length of the footer, and magic number. */
    private static final int TAIL_BYTES = 8;

    private PartChecksum() {}

    /**
     * Fills in the checksum of a file that is otherwise complete.
     *
     * @param channel the file, open for reading and writing
     * @param checksum checksum of all its bytes
     */
    static void fillIn(FileChannel channel, CRC32C checksum) throws IOException {
        OptionalLong place = find(channel);
        if (place.isPresent()) {
            byte[] digits = digits(checksum);
            ByteBuffer bytes = ByteBuffer.wrap(digits);
            while (bytes.hasRemaining()) {
                channel.write(bytes, place.getAsLong() + bytes.position());
            }
        }
    }

    /**
     * Reads a whole file and compares its checksum. Accepts a file without a checksum.
     *
     * @throws IOException if the file was changed after it was written
     */
    public static void verify(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            OptionalLong place = find(channel);
            if (place.isEmpty()) {
                return;
            }
            byte[] stored = read(channel, place.getAsLong(), NONE.length());
            String computed = new String(digits(checksum(channel, place.getAsLong())), StandardCharsets.US_ASCII);
            String expected = new String(stored, StandardCharsets.US_ASCII);
            if (!computed.equals(expected)) {
                throw new IOException("its checksum is " + computed + ", but " + expected + " was expected");
            }
        }
    }

    private static CRC32C checksum(FileChannel channel, long place) throws IOException {
        CRC32C checksum = new CRC32C();
        update(checksum, channel, 0, place);
        checksum.update(NONE.getBytes(StandardCharsets.US_ASCII));
        update(checksum, channel, place + NONE.length(), channel.size());
        return checksum;
    }

    private static void update(CRC32C checksum, FileChannel channel, long from, long to) throws IOException {
        for (long at = from; at < to; at += BUFFER_BYTES) {
            checksum.update(read(channel, at, (int) Math.min(BUFFER_BYTES, to - at)));
        }
    }

    private static byte[] digits(CRC32C checksum) {
        return HexFormat.of().toHexDigits((int) checksum.getValue()).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Finds the digits. Takes the last match, because the metadata follows everything that contains values of users.
     */
    private static OptionalLong find(FileChannel channel) throws IOException {
        long end = channel.size() - TAIL_BYTES;
        if (end < 0) {
            return OptionalLong.empty();
        }
        int length = ByteBuffer.wrap(read(channel, end, Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (length < 0 || length > end) {
            throw new IOException("its footer should have " + length + " bytes, but the file is shorter");
        }
        byte[] footer = read(channel, end - length, length);
        for (int at = length - BEFORE.length - NONE.length(); at >= 0; at--) {
            if (isAt(footer, at)) {
                return OptionalLong.of(end - length + at + BEFORE.length);
            }
        }
        return OptionalLong.empty();
    }

    private static boolean isAt(byte[] footer, int at) {
        for (int i = 0; i < BEFORE.length; i++) {
            if (footer[at + i] != BEFORE[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("the file ends at byte " + (at + bytes.position()));
            }
        }
        return bytes.array();
    }
}
