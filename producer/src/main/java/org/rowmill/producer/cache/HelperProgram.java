package org.rowmill.producer.cache;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that prepares something for a run. It ends with this JVM, even if that is killed: a
 * shell beside it reads a pipe, which ends with the JVM.
 */
final class HelperProgram {

    /** The shell has no job control, so it redirects the standard input of background commands. */
    private static final String SCRIPT = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            program=$!
            { read -r line <&3; kill -KILL "$program"; } >/dev/null 2>&1 &
            watch=$!
            wait "$program"
            code=$?
            kill -KILL "$watch" 2>/dev/null
            exit "$code"
            """;

    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final int LINES_SHOWN = 3;

    private HelperProgram() {}

    /**
     * Runs a program and waits for its end. An interrupt ends it.
     *
     * @param command the program and its arguments
     * @param directory a directory for its output
     * @param limit how long it may take
     * @throws IOException if it fails; the message contains the last lines that it printed
     */
    static void run(List<String> command, Path directory, Duration limit) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        words.addAll(command);
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command.get(0) + " did not end within " + limit.toMinutes() + " min");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        command.get(0) + " ended with exit code " + process.exitValue() + lastLines(output));
            }
        } finally {
            end(process);
        }
    }

    /** Lets the shell end the program, and waits so that its files can be deleted. */
    private static void end(Process process) throws IOException {
        process.getOutputStream().close();
        boolean isInterrupted = Thread.interrupted();
        try {
            process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            isInterrupted = true;
        } finally {
            process.destroyForcibly();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String lastLines(Path output) throws IOException {
        String text = new String(Files.readAllBytes(output), Charset.defaultCharset());
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        String last = String.join("; ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        return last.isEmpty() ? "" : ": " + last;
    }
}
