package org.rowmill.mounter.sftp;

import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Divides a stream into packets and reads the fields of the current packet. One thread uses it. */
public final class SftpPacketReader {

    /** OpenSSH's limit of 256 KiB of data, and space for the header of a write request. */
    static final int MAX_PACKET_BYTES = (256 << 10) + 1024;

    private static final int LENGTH_BYTES = 4;

    private final InputStream in;
    private byte[] buffer = new byte[64 << 10];

    /** Index of the next byte of the current packet. */
    private int position;

    /** Index after the current packet. */
    private int limit;

    /** Index after the last byte that was read from the stream. */
    private int end;

    SftpPacketReader(InputStream in) {
        this.in = in;
    }

    /**
     * Advances to the next packet.
     *
     * @param replies flushed before a wait for more input: the client may wait for them
     * @return false at the end of the stream; an incomplete packet is discarded
     * @throws IOException if the stream cannot be read or does not consist of packets
     */
    boolean next(Flushable replies) throws IOException {
        position = limit;
        if (!fill(LENGTH_BYTES, replies)) {
            return false;
        }
        int length = intAt(position);
        if (length < 1 || length > MAX_PACKET_BYTES) {
            throw new IOException("a packet of 1 to " + MAX_PACKET_BYTES + " bytes was expected, not of " + length);
        }
        if (!fill(LENGTH_BYTES + length, replies)) {
            return false;
        }
        position += LENGTH_BYTES;
        limit = position + length;
        return true;
    }

    private boolean fill(int bytes, Flushable replies) throws IOException {
        if (end - position < bytes) {
            makeRoom(bytes);
        }
        while (end - position < bytes) {
            if (in.available() == 0) {
                replies.flush();
            }
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
        return true;
    }

    private void makeRoom(int bytes) {
        if (position < end && buffer.length - position >= bytes) {
            return;
        }
        byte[] from = buffer;
        if (buffer.length < bytes) {
            buffer = new byte[LENGTH_BYTES + MAX_PACKET_BYTES];
        }
        System.arraycopy(from, position, buffer, 0, end - position);
        end -= position;
        position = 0;
        limit = 0;
    }

    int readByte() throws Refusal {
        require(1);
        return buffer[position++] & 0xff;
    }

    int readInt() throws Refusal {
        require(Integer.BYTES);
        position += Integer.BYTES;
        return intAt(position - Integer.BYTES);
    }

    long readLong() throws Refusal {
        return ((long) readInt() << 32) | (readInt() & 0xffffffffL);
    }

    /** Reads a string of the protocol: bytes in an unknown encoding. */
    byte[] readBytes() throws Refusal {
        int length = readInt();
        require(length);
        position += length;
        return Arrays.copyOfRange(buffer, position - length, position);
    }

    /** Reads a string like {@link #readBytes}, without a copy: the buffer is valid until the next packet. */
    ByteBuffer readData() throws Refusal {
        int length = readInt();
        require(length);
        position += length;
        return ByteBuffer.wrap(buffer, position - length, length);
    }

    private void require(int bytes) throws Refusal {
        if (bytes < 0 || limit - position < bytes) {
            throw new Refusal(SftpStatus.BAD_MESSAGE, "a complete request was expected; a field exceeds it");
        }
    }

    private int intAt(int at) {
        return (buffer[at] << 24)
                | ((buffer[at + 1] & 0xff) << 16)
                | ((buffer[at + 2] & 0xff) << 8)
                | (buffer[at + 3] & 0xff);
    }
}
