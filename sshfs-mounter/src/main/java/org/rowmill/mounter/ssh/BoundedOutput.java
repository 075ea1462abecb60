package org.rowmill.mounter.ssh;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls with a time limit, each on a thread of its own: JSch waits without limit, swallows interrupts and even sends them to whoever
 * called it (a forward's answer), and so does the system's name look-up.
 */
public final class BoundedOutput {

    /** For call-backs: a thread each. */
    static final Executor THREADS = task -> start("ssh-event", task);

    private BoundedOutput() {}

    static <T> T call(String thread, Duration limit, Callable<T> work)
            throws InterruptedException, TimeoutException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        start(thread, task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }

    /** Runs it, and goes on after the limit without it; an interrupt ends the wait and is kept for the caller. */
    static void run(String thread, Duration limit, Runnable work) {
        Thread worker = start(thread, work);
        try {
            worker.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
