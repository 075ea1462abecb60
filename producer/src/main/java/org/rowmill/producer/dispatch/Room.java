package org.rowmill.producer.dispatch;

/** Lets the publisher wait until a row in flight is finished. Thread-safe. */
final class Room {

    private volatile boolean isAwaited;

    /** Waits for {@link #made}, but not longer than given. It can return early. */
    synchronized void await(long millis) throws InterruptedException {
        isAwaited = true;
        wait(millis);
        isAwaited = false;
    }

    /** Ends the wait: a row is finished. */
    void made() {
        if (isAwaited) {
            synchronized (this) {
                notifyAll();
            }
        }
    }
}
