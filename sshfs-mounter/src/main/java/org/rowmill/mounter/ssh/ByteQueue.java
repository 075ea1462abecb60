package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Passes bytes from JSch's session thread to a reader. JSch's own pipe holds 32 KB, which is less than a channel's
 * window: a slightly slow reader would block all other channels of the session. This queue blocks only when it holds
 * {@value #MAX_BYTES} bytes. One thread writes and one thread reads.
 */
public final class ByteQueue extends InputStream {

    private static final int MAX_BYTES = 16 << 20;

    /** Limits the memory for many small packets of JSch: each is one chunk. */
    private static final int MAX_CHUNKS = 1 << 16;

    // Guarded by the chunks' monitor.
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int size;
    private boolean ended;
    private boolean abandoned;

    // Used by the reader only.
    private byte[] current = new byte[0];
    private int position;

    private final OutputStream sink = new Sink();

    /** Returns the stream to write to. Closing it is the end of the input stream. */
    public OutputStream sink() {
        return sink;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == current.length && !next()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, bytes, offset, count);
        position += count;
        return count;
    }

    private boolean next() throws IOException {
        synchronized (chunks) {
            while (chunks.isEmpty() && !ended) {
                waitForChange();
            }
            byte[] chunk = chunks.poll();
            if (chunk == null) {
                return false;
            }
            current = chunk;
            position = 0;
            size -= chunk.length;
            chunks.notifyAll();
            return true;
        }
    }

    @Override
    public int available() {
        synchronized (chunks) {
            return size + current.length - position;
        }
    }

    /** Ends the reading: bytes that still arrive are discarded. */
    @Override
    public void close() {
        synchronized (chunks) {
            abandoned = true;
            ended = true;
            chunks.clear();
            size = 0;
            chunks.notifyAll();
        }
    }

    private void waitForChange() throws InterruptedIOException {
        try {
            chunks.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private final class Sink extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            byte[] chunk = Arrays.copyOfRange(bytes, offset, offset + length);
            synchronized (chunks) {
                while ((size >= MAX_BYTES || chunks.size() >= MAX_CHUNKS) && !ended) {
                    waitForChange();
                }
                if (!abandoned) {
                    chunks.add(chunk);
                    size += length;
                    chunks.notifyAll();
                }
            }
        }

        @Override
        public void close() {
            synchronized (chunks) {
                ended = true;
                chunks.notifyAll();
            }
        }
    }
}
