package org.rowmill.consumer.work;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets a row be computed alone in the process. All slots pass the gate before each row. A row that must be computed
 * alone closes the gate, and waits until the rows in the other slots have finished. Thread-safe.
 */
public final class RowGate {

    private static final Duration WITH_OTHERS_WITHIN = Duration.ofSeconds(1);
    private static final Duration ALONE_WITHIN = Duration.ofSeconds(30);

    /** Rows hold the read lock, a row that is alone the write lock. It is fair, so a waiting writer stops readers. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    private final Duration limit;

    /** Makes an open gate. */
    public RowGate() {
        this(ALONE_WITHIN);
    }

    /**
     * Makes an open gate.
     *
     * @param limit how long a row that must be alone waits for other rows
     */
    RowGate(Duration limit) {
        this.limit = limit;
    }

    /** Whether a row can begin without waiting. False while a row that must be alone waits or is computed. */
    boolean isOpen() {
        return !lock.isWriteLocked() && !lock.hasQueuedThreads();
    }

    /** Waits until no row that must be alone waits or is computed. */
    void awaitOpen() {
        lock.readLock().lock();
        exit(false);
    }

    /**
     * Begins a row. It waits for a limited time: a row that must be alone for the rows in other slots, another row for
     * the row that is alone. Then other consumers can compute it.
     *
     * @param alone whether the row must be alone
     * @return whether the row may begin; if not, it is returned to the head
     */
    boolean enter(boolean alone) {
        try {
            return alone
                    ? lock.writeLock().tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)
                    : lock.readLock().tryLock(WITH_OTHERS_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return false; // a thread of an earlier row in this slot has interrupted it; the head sends the row again
        }
    }

    /** Ends a row, in the thread that began it. */
    void exit(boolean alone) {
        if (alone) {
            lock.writeLock().unlock();
        } else {
            lock.readLock().unlock();
        }
    }
}
