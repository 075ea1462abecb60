package org.rowmill.consumer.work;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Standard output of column functions: whole lines, each prefixed by the row whose thread, or a thread started by it,
 * printed it. Thread-safe.
 */
public final class RowOutput extends OutputStream {

    /** A line longer than this is cut in two. */
    private static final int LINE_BYTES = 64 << 10;

    private final OutputStream out;

    @SuppressWarnings("ThreadLocalUsage") // one output a process
    private final InheritableThreadLocal<@Nullable Label> labels = new InheritableThreadLocal<>();

    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<ByteArrayOutputStream> lines = ThreadLocal.withInitial(ByteArrayOutputStream::new);

    public RowOutput(OutputStream out) {
        this.out = out;
    }

    /** Threads of a pool outlive the row that made them; what they print later is nobody's. */
    private static final class Label {
        private final Supplier<String> prefix;
        private volatile boolean ended;

        Label(Supplier<String> prefix) {
            this.prefix = prefix;
        }
    }

    public PrintStream printStream() {
        return new PrintStream(this, true, StandardCharsets.UTF_8);
    }

    /** From now on this thread prints for a row; the prefix is asked for when something is printed. */
    void begin(Supplier<String> prefix) {
        labels.set(new Label(prefix));
    }

    /** The row of this thread has ended; a line that it began is ended too. */
    void end() {
        if (lines.get().size() > 0) {
            endLine();
        }
        Label label = labels.get();
        if (label != null) {
            label.ended = true;
            labels.remove();
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        ByteArrayOutputStream line = lines.get();
        int start = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, start, i - start);
                endLine();
                start = i + 1;
            }
        }
        line.write(bytes, start, offset + length - start);
        if (line.size() >= LINE_BYTES) {
            endLine();
        }
    }

    private void endLine() {
        ByteArrayOutputStream line = lines.get();
        ByteArrayOutputStream whole = new ByteArrayOutputStream(line.size() + LINE_BYTES / 1024);
        Label label = labels.get();
        if (label != null && !label.ended) {
            whole.writeBytes(label.prefix.get().getBytes(StandardCharsets.UTF_8));
        }
        whole.writeBytes(line.toByteArray());
        whole.write('\n');
        line.reset();
        synchronized (out) {
            try {
                whole.writeTo(out);
                out.flush();
            } catch (IOException e) {
                // Nobody reads any more: the head has gone, and the end of standard input ends this process.
                return;
            }
        }
    }
}
