package org.rowmill.producer.monitor;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.rowmill.producer.console.Console;

/**
 * Prints the progress of a table on its own thread: on a terminal one line that changes, otherwise a line after 1, 2,
 * 5, 10 and 30 s, and then every 30 s.
 */
public final class ProgressPrinter implements AutoCloseable {

    private static final Duration TERMINAL_PAUSE = Duration.ofMillis(200);
    private static final List<Duration> FIRST_PAUSES = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20));
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Progress progress;
    private final Supplier<ProgressState> state;
    private final Supplier<RowTimes.Times> times;
    private final Console console;
    private final PeriodicThread thread;
    private int lines;

    /**
     * Creates a printer for one table. {@link #start} starts it.
     *
     * @param table name of the table
     * @param state returns how far the table is
     * @param times returns how long rows take
     * @param console where the lines go
     */
    public ProgressPrinter(
            String table, Supplier<ProgressState> state, Supplier<RowTimes.Times> times, Console console) {
        this.progress = new Progress(table, System.nanoTime());
        this.state = state;
        this.times = times;
        this.console = console;
        this.thread = new PeriodicThread("rowmill-progress", pause(), () -> print(System.nanoTime()));
    }

    public void start() {
        thread.start();
    }

    /** Prints a line, and returns the time until the next one. */
    Duration print(long nanos) {
        String line = progress.line(state.get(), times.get(), nanos);
        if (console.isTerminal()) {
            console.status(line);
        } else {
            console.say(line);
        }
        lines++;
        return pause();
    }

    private Duration pause() {
        if (console.isTerminal()) {
            return TERMINAL_PAUSE;
        }
        return lines < FIRST_PAUSES.size() ? FIRST_PAUSES.get(lines) : PAUSE;
    }

    /** Removes the line from the terminal. */
    @Override
    public void close() {
        thread.close();
        console.status("");
    }
}
