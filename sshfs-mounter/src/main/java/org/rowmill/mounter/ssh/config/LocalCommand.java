package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rowmill.schemas.Threads;

/** Runs a short program on the head, with a time limit. */
final class LocalCommand {

    /** How a program ended, and what it printed. */
    record Ended(int exitCode, String out, String err) {}

    private LocalCommand() {}

    /**
     * Runs a program.
     *
     * @throws ProgramTooSlow if it exceeds the limit; it is killed then
     * @throws IOException if it cannot be started
     */
    static Ended run(List<String> command, Duration limit) throws IOException {
        Process process = new ProcessBuilder(command).start();
        try {
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            process.getOutputStream().close();
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ProgramTooSlow(command.get(0) + " did not end within " + limit.toSeconds() + " s");
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

    /** Reports a program that was killed because of its time limit. */
    static final class ProgramTooSlow extends IOException {

        private static final long serialVersionUID = 1L;

        ProgramTooSlow(String message) {
            super(message);
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Threads.startDaemon("ssh-config", () -> {
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
