package org.rowmill.producer.dispatch;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets the publisher wait until rows in flight have ended. It waits for several rows at once: if it published each row
 * as soon as another one ended, each would have its own transaction, and would wake the publisher. Thread-safe.
 */
final class Room {

    private final Semaphore permit = new Semaphore(0);
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong awaited = new AtomicLong();

    /** Returns how many rows have ended. */
    long ended() {
        return ended.get();
    }

    /**
     * Waits until rows have ended, but not longer than given. Returns at once if they have. Called by one thread.
     *
     * @param rows the value of {@link #ended()} that ends the wait
     * @param millis maximum time to wait
     */
    void await(long rows, long millis) throws InterruptedException {
        permit.drainPermits();
        awaited.set(rows);
        if (ended.get() < rows) { // read after the write above, so made() cannot be missed
            boolean unused = permit.tryAcquire(millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Counts a row that has ended. */
    void made() {
        if (ended.incrementAndGet() == awaited.get()) {
            permit.release();
        }
    }
}
