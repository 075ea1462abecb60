package org.rowmill.producer.monitor;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rowmill.producer.console.Console;

/**
 * Shows the progress of a table, on a thread of its own: on a terminal one line that changes, else a line at 1, 2, 5, 10
 * and 30 s and then each 30 s.
 */
public final class ProgressPrinter implements AutoCloseable {

    private static final Duration TERMINAL_STEP = Duration.ofMillis(200);
    private static final int[] PLAIN_SECONDS = {1, 2, 5, 10, 30};
    private static final int PLAIN_STEP_SECONDS = 30;

    private final Progress progress;
    private final Supplier<Progress.State> state;
    private final Console console;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::print, "rowmill-progress");

    public ProgressPrinter(String table, Supplier<Progress.State> state, Console console) {
        this.progress = new Progress(table, System.nanoTime());
        this.state = state;
        this.console = console;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void print() {
        try {
            if (console.isTerminal()) {
                while (!closed.await(TERMINAL_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                    console.status(line());
                }
            } else {
                printPlain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void printPlain() throws InterruptedException {
        int before = 0;
        for (int i = 0; ; i++) {
            int at = i < PLAIN_SECONDS.length ? PLAIN_SECONDS[i] : before + PLAIN_STEP_SECONDS;
            if (closed.await(at - before, TimeUnit.SECONDS)) {
                return;
            }
            console.say(line());
            before = at;
        }
    }

    private String line() {
        return progress.line(state.get(), System.nanoTime());
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(); // does nothing but end by now; ends at once when it was never started
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        console.status("");
    }
}
