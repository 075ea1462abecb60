package org.rowmill.mounter.node;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.rowmill.mounter.sftp.Traffic;

/** Streams of a mount that count each step: {@link MountWatch} sees that bytes move within one long request. */
final class CountedStreams {

    private static final int STEP_BYTES = 16 << 10;

    private CountedStreams() {}

    /** Counts a step whenever bytes arrive. */
    static InputStream of(InputStream in, Traffic traffic) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = super.read(bytes, offset, length);
                traffic.countStep();
                return read;
            }
        };
    }

    /** Counts a step whenever a part is written: on a slow link, a whole reply may take long. */
    static OutputStream of(OutputStream out, Traffic traffic) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += STEP_BYTES) {
                    out.write(bytes, offset + done, Math.min(STEP_BYTES, length - done));
                    traffic.countStep();
                }
            }

            @Override
            public void flush() throws IOException {
                out.flush();
                traffic.countStep();
            }
        };
    }
}
