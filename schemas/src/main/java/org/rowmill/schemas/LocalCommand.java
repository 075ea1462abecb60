package org.rowmill.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a short program on this computer, with a time limit. Thread-safe. */
public final class LocalCommand {

    /**
     * How a program ended, and what it printed.
     *
     * @param exitCode exit code
     * @param out text on standard output
     * @param err text on standard error
     */
    public record Ended(int exitCode, String out, String err) {}

    private LocalCommand() {}

    /**
     * Runs a program without input.
     *
     * @param command the program and its arguments
     * @param limit time after which the program is killed
     * @return how it ended
     * @throws CannotStart if it cannot be started
     * @throws TooSlow if it exceeds the limit; it is killed then
     * @throws InterruptedIOException if the thread is interrupted; the program is killed then
     * @throws IOException if it does not read its input
     */
    public static Ended run(List<String> command, Duration limit) throws IOException {
        return run(command, "", limit);
    }

    /**
     * Runs a program.
     *
     * @param input text for its standard input, which must fit into the buffer of a pipe (64 kB)
     * @see #run(List, Duration)
     */
    public static Ended run(List<String> command, String input, Duration limit) throws IOException {
        Process process = start(command);
        try {
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            try (OutputStream to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TooSlow(command.get(0) + " did not end within " + limit.toSeconds() + " s");
            }
            return new Ended(process.exitValue(), within(out), within(err));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(command.get(0) + ": interrupted");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> command) throws CannotStart {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new CannotStart(command.get(0) + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Reports a program that cannot be started, for example because it is not installed. */
    public static final class CannotStart extends IOException {

        private static final long serialVersionUID = 1L;

        CannotStart(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** Reports a program that was killed because of its time limit. */
    public static final class TooSlow extends IOException {

        private static final long serialVersionUID = 1L;

        TooSlow(String message) {
            super(message);
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Threads.startDaemon("rowmill-command", () -> {
            try {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.complete("");
            }
        });
        return text;
    }

    /** Returns the output. A background process of the program may keep it open for longer than the program lives. */
    private static String within(CompletableFuture<String> text) throws InterruptedException {
        return text.completeOnTimeout("", 1, TimeUnit.SECONDS).join();
    }
}
