package org.rowmill.mounter.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Keeps the first bytes that are written and drops the others. */
final class HeadBytes extends OutputStream {

    private final int max;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    HeadBytes(int max) {
        this.max = max;
    }

    @Override
    public synchronized void write(int b) {
        if (kept.size() < max) {
            kept.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        kept.write(bytes, offset, Math.min(length, max - kept.size()));
    }

    synchronized byte[] bytes() {
        return kept.toByteArray();
    }
}
