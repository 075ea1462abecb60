package org.rowmill.mounter.ssh;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rowmill.schemas.Threads;

/**
 * Runs calls with a time limit, each on its own thread. JSch waits without a limit, ignores interrupts, and even
 * interrupts the calling thread (when an answer to a port forwarding request arrives). The system's name resolution has
 * no limit either.
 */
final class TimeLimit {

    /** Runs each callback on its own thread. */
    static final Executor THREADS = task -> Threads.startDaemon("ssh-event", task);

    private TimeLimit() {}

    /** Calls {@code work} and waits for its result. */
    static <T> T call(String thread, Duration limit, Callable<T> work)
            throws InterruptedException, TimeoutException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        Threads.startDaemon(thread, task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }

    /**
     * Runs {@code work}, and returns after the limit even if it has not ended. An interrupt ends the wait; the caller's
     * interrupt flag stays set.
     */
    static void run(String thread, Duration limit, Runnable work) {
        Thread worker = Threads.startDaemon(thread, work);
        try {
            worker.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
