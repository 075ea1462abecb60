package org.rowmill.mounter.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Keeps the first bytes that are written and discards the rest. Thread-safe. */
final class BoundedOutput extends OutputStream {

    private final int maxBytes;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    BoundedOutput(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public synchronized void write(int b) {
        if (kept.size() < maxBytes) {
            kept.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        kept.write(bytes, offset, Math.min(length, maxBytes - kept.size()));
    }

    synchronized byte[] bytes() {
        return kept.toByteArray();
    }
}
