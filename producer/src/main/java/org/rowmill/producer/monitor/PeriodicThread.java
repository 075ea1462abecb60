package org.rowmill.producer.monitor;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rowmill.schemas.Threads;

/** Calls its work again and again, on a daemon thread, until it is closed. */
final class PeriodicThread implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Duration firstPause;
    private final Supplier<Duration> work;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Creates the thread. {@link #start} starts it.
     *
     * @param name of the thread
     * @param firstPause time before the first call
     * @param work returns the time until its next call
     */
    PeriodicThread(String name, Duration firstPause, Supplier<Duration> work) {
        this.firstPause = firstPause;
        this.work = work;
        this.thread = Threads.daemon(name, this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration pause = firstPause;
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = work.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the work if it is being called; returns at once if the thread was never started. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
