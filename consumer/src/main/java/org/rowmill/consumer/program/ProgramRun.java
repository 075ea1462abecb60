package org.rowmill.consumer.program;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.schemas.Threads;
import org.rowmill.table.ProcessResult;

/** Runs one external program of a row and measures it. Used by the thread of the row. */
public final class ProgramRun {

    /** Runs the program as a child of the shell, which measures its CPU time. Hides messages of the shell itself. */
    private static final String WRAPPER =
            "times=$1; shift; exec 3>&2 2>/dev/null; \"$@\" 2>&3 3>&-; code=$?; times >\"$times\"; exit $code";

    /** Some shells print a decimal comma in some languages. */
    private static final Pattern TIME = Pattern.compile("(\\d+)m([0-9.,]+)s");

    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB");
    private static final int CHILD_TIMES = 2;
    private static final long FIRST_PAUSE_MILLIS = 4;
    private static final long LONGEST_PAUSE_MILLIS = 100;
    private static final long LATE_OUTPUT_MILLIS = 500;

    private final Process process;
    private final Path times;
    private final long started = System.nanoTime();
    private final Output output;
    private final Output error;
    private long peakBytes;

    private ProgramRun(Process process, Path times) {
        this.process = process;
        this.times = times;
        this.output = new Output(process.getInputStream(), "output");
        this.error = new Output(process.getErrorStream(), "error");
    }

    /**
     * Starts a program.
     *
     * @param program what to run; not changed
     * @param directory directory for a temporary file
     * @throws IOException if the program cannot be started
     */
    public static ProgramRun start(ProcessBuilder program, Path directory) throws IOException {
        Path executable = ProcessGroup.executable(program);
        Path times = Files.createTempFile(directory, "times", "");
        List<String> command = new ArrayList<>(
                ProcessGroup.command("sh", "-c", WRAPPER, "sh", times.toString(), executable.toString()));
        command.addAll(program.command().subList(1, program.command().size()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(program.directory())
                .redirectInput(input(program))
                .redirectOutput(program.redirectOutput())
                .redirectError(program.redirectError())
                .redirectErrorStream(program.redirectErrorStream());
        builder.environment().clear();
        builder.environment().putAll(program.environment());
        ProgramRun run = new ProgramRun(builder.start(), times);
        run.process.getOutputStream().close();
        return run;
    }

    /** Replaces the standard input of this process, which the head uses for commands. */
    private static Redirect input(ProcessBuilder program) {
        return program.redirectInput().equals(Redirect.INHERIT)
                ? Redirect.from(new File("/dev/null"))
                : program.redirectInput();
    }

    /** Returns the number of the process group. */
    public long group() {
        return process.pid();
    }

    /**
     * Waits for the end of the program.
     *
     * @throws InterruptedException if the row is interrupted; the program continues
     */
    public ProcessResult await() throws InterruptedException, IOException {
        long pause = FIRST_PAUSE_MILLIS;
        while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(this::measureMemory);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        Duration wallTime = Duration.ofNanos(System.nanoTime() - started);
        return new ProcessResult(process.exitValue(), output.text(), error.text(), wallTime, cpuTime(), peakBytes);
    }

    /** Kills the program and its children. Needed if there are no process groups, and faster if there are. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Deletes the temporary file. */
    public void deleteFiles() throws IOException {
        Files.deleteIfExists(times);
    }

    private void measureMemory(ProcessHandle child) {
        try {
            Path status = Path.of("/proc", Long.toString(child.pid()), "status"); // has the name in any encoding
            Matcher peak = PEAK.matcher(Files.readString(status, StandardCharsets.ISO_8859_1));
            if (peak.find()) {
                peakBytes = Math.max(peakBytes, Long.parseLong(peak.group(1)) << 10);
            }
        } catch (IOException e) {
            return; // the process has just ended, or there is no /proc
        }
    }

    private Duration cpuTime() throws IOException {
        return cpuTime(Files.readString(times));
    }

    /** Parses what the shell wrote: its own user and system time, then those of its children. */
    static Duration cpuTime(String times) {
        Matcher time = TIME.matcher(times);
        double seconds = 0;
        for (int i = 0; time.find(); i++) {
            if (i >= CHILD_TIMES) {
                seconds += Integer.parseInt(time.group(1)) * 60
                        + Double.parseDouble(time.group(2).replace(',', '.'));
            }
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** Reads a stream in its own thread, so that a full pipe never blocks the program. */
    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        Output(InputStream stream, String name) {
            thread = Threads.startDaemon(Thread.currentThread().getName() + "-" + name, () -> copy(stream));
        }

        private void copy(InputStream stream) {
            try (stream) {
                stream.transferTo(bytes);
            } catch (IOException e) {
                return; // the program was killed; its output up to then is kept
            }
        }

        /** Returns the output up to the end of the program. Does not wait for children that keep the stream open. */
        String text() throws InterruptedException {
            thread.join(LATE_OUTPUT_MILLIS);
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
