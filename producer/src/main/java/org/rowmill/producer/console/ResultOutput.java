package org.rowmill.producer.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stream that carries results. A {@code PrintStream} or {@code PrintWriter} hides the error of a write; this stream
 * below them remembers it. {@link #lost} then says why results are lost. After an error nothing more is written, so that
 * no gap is hidden in the middle of the results. Thread-safe.
 */
public final class ResultOutput extends OutputStream {

    /** Linux shows here what standard output is. */
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private final OutputStream to;
    private final @Nullable FileOutputStream file;
    private @Nullable IOException error;

    /**
     * Wraps a stream.
     *
     * @param to gets the bytes at once
     */
    public ResultOutput(OutputStream to) {
        this(to, null);
    }

    private ResultOutput(OutputStream to, @Nullable FileOutputStream file) {
        this.to = to;
        this.file = file;
    }

    /** Returns the standard output of this process. */
    public static ResultOutput standard() {
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        return new ResultOutput(out, Files.isRegularFile(STANDARD_OUTPUT) ? out : null);
    }

    /** Returns a stream that prints to this one in UTF-8. */
    public PrintStream printStream() {
        return new PrintStream(this, false, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        check();
        try {
            to.write(bytes, offset, length);
        } catch (IOException e) {
            error = e;
            throw e;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        check();
        try {
            to.flush();
        } catch (IOException e) {
            error = e;
            throw e;
        }
    }

    private void check() throws IOException {
        if (error != null) {
            throw error;
        }
    }

    /**
     * Ends the results. File systems of other computers report a full disk only when the bytes arrive there, so a file is
     * forced.
     *
     * @return why results are lost; empty: all are written, or their reader has closed the pipe because it has read enough
     */
    public synchronized Optional<IOException> lost() {
        if (error == null && file != null) {
            try {
                file.getChannel().force(false);
            } catch (IOException e) {
                error = e;
            }
        }
        return Optional.ofNullable(error).filter(e -> !isClosedPipe(e));
    }

    /**
     * Compares with the error of a pipe that this method closes. Java has no class for this error, and its text depends on
     * the language of the system.
     */
    private static boolean isClosedPipe(IOException e) {
        try {
            Pipe pipe = Pipe.open();
            try (Pipe.SinkChannel sink = pipe.sink()) {
                pipe.source().close();
                sink.write(ByteBuffer.allocate(1));
                return false;
            } catch (IOException closed) {
                return String.valueOf(closed.getMessage()).equals(e.getMessage());
            }
        } catch (IOException unavailable) {
            return false;
        }
    }
}
