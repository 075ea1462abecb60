package org.rowmill.mounter.sftp;

import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds replies, and collects them until they are flushed. One thread uses it. */
final class SftpReply implements Flushable {

    private static final int STATUS = 101;
    private static final int HANDLE = 102;
    private static final int NAME = 104;

    /** When the collected replies reach this size, they are flushed before the next request. */
    private static final int ENOUGH_BYTES = 64 << 10;

    private final OutputStream out;
    private byte[] buffer = new byte[ENOUGH_BYTES + 1024];
    private int size;

    /** Index where the unfinished reply begins. */
    private int start;

    SftpReply(OutputStream out) {
        this.out = out;
    }

    /** Begins a reply, and discards an unfinished one. */
    SftpReply begin(int type) {
        size = start;
        return putInt(0).putByte(type);
    }

    SftpReply begin(int type, int id) {
        return begin(type).putInt(id);
    }

    /** Ends a reply. The next flush sends it. */
    void end() {
        setInt(start, size - start - Integer.BYTES);
        start = size;
    }

    void status(int id, SftpStatus status, String text) {
        begin(STATUS, id)
                .putInt(status.code())
                .putBytes(text.getBytes(StandardCharsets.UTF_8))
                .putInt(0)
                .end();
    }

    void ok(int id) {
        status(id, SftpStatus.OK, "");
    }

    void handle(int id, byte[] handle) {
        begin(HANDLE, id).putBytes(handle).end();
    }

    /** Answers with one name, without attributes. */
    void name(int id, byte[] name) {
        begin(NAME, id).putInt(1).putBytes(name).putBytes(name).putInt(0).end();
    }

    boolean isEnough() {
        return start >= ENOUGH_BYTES;
    }

    @Override
    public void flush() throws IOException {
        if (start > 0) {
            out.write(buffer, 0, start);
            out.flush();
            start = 0;
            size = 0;
        }
    }

    SftpReply putByte(int value) {
        require(1);
        buffer[size++] = (byte) value;
        return this;
    }

    SftpReply putInt(int value) {
        require(Integer.BYTES);
        size += Integer.BYTES;
        setInt(size - Integer.BYTES, value);
        return this;
    }

    SftpReply putLong(long value) {
        return putInt((int) (value >> 32)).putInt((int) value);
    }

    SftpReply putBytes(byte[] bytes) {
        putInt(bytes.length);
        require(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
        return this;
    }

    /** Appends at most {@code length} bytes of a file as one string, and returns how many bytes there were. */
    int putData(FileChannel file, long offset, int length) throws IOException {
        int at = position();
        putInt(0);
        require(length);
        ByteBuffer room = ByteBuffer.wrap(buffer, size, length);
        long from = offset;
        for (int read; room.hasRemaining() && (read = file.read(room, from)) > 0; ) {
            from += read;
        }
        int count = length - room.remaining();
        size += count;
        setInt(at, count);
        return count;
    }

    /** Returns an index for {@link #setInt}. */
    int position() {
        return size;
    }

    /** Returns the number of bytes of the unfinished reply. */
    int length() {
        return size - start;
    }

    void setInt(int at, int value) {
        buffer[at] = (byte) (value >> 24);
        buffer[at + 1] = (byte) (value >> 16);
        buffer[at + 2] = (byte) (value >> 8);
        buffer[at + 3] = (byte) value;
    }

    private void require(int bytes) {
        if (buffer.length - size < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + bytes));
        }
    }
}
