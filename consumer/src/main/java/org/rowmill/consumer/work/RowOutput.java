package org.rowmill.consumer.work;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Standard output of column methods. Writes complete lines, each with a prefix that names its row. A line belongs to a
 * row if the thread of the row, or a thread that it started, printed it. Thread-safe.
 */
public final class RowOutput extends OutputStream {

    /** Longer lines are split. */
    private static final int LINE_BYTES = 64 << 10;

    private final OutputStream out;

    @SuppressWarnings("ThreadLocalUsage") // there is one output in a process
    private final InheritableThreadLocal<@Nullable Label> labels = new InheritableThreadLocal<>();

    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<ByteArrayOutputStream> lines = ThreadLocal.withInitial(ByteArrayOutputStream::new);

    /**
     * Makes an output.
     *
     * @param out receives complete lines
     */
    public RowOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * The row of a thread. Threads of a pool may outlive the row that started them; their later lines have no prefix.
     */
    private static final class Label {
        private final Supplier<String> prefix;
        private volatile boolean ended;

        Label(Supplier<String> prefix) {
            this.prefix = prefix;
        }
    }

    /** Makes a stream that prints to this output. */
    public PrintStream printStream() {
        return new PrintStream(this, true, StandardCharsets.UTF_8);
    }

    /**
     * Begins a row: from now on this thread prints for it.
     *
     * @param prefix computes the prefix when a line is printed
     */
    void begin(Supplier<String> prefix) {
        labels.set(new Label(prefix));
    }

    /** Ends the row of this thread, and completes its last line. */
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
                return; // the head has ended; the end of standard input ends this process too
            }
        }
    }
}
