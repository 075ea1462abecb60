package org.rowmill.producer.dispatch;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets the publisher wait until a row in flight has ended. Thread-safe. */
final class Room {

    /** At most one permit, from the last call of {@link #made}. */
    private final Semaphore permit = new Semaphore(0);

    /** Waits for {@link #made}, but not longer than given. Returns at once if it was called since the last wait. */
    void await(long millis) throws InterruptedException {
        boolean unused = permit.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    /** Ends the wait: a row has ended. Called by one thread. */
    void made() {
        if (permit.availablePermits() == 0) {
            permit.release();
        }
    }
}
