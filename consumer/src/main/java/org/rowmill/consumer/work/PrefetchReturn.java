package org.rowmill.consumer.work;

import jakarta.jms.JMSException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Returns the rows that a slot has prefetched to the broker while the slot is in one row for long, so that other slots
 * compute them.
 *
 * <p>Another thread returns them, by closing the consumer of the messages. Artemis permits this only while the thread of
 * the slot does not use the session: a message that it receives at the same time would be both returned and computed.
 * The slot therefore says when it leaves its session, and when it comes back. Thread-safe.
 */
final class PrefetchReturn {

    private static final long LONG_NANOS = Duration.ofSeconds(1).toNanos();

    /** Null while the thread of the slot uses its session, and if there is nothing to return. */
    private @Nullable Prefetched prefetched;

    private long since;

    /** Rows that a slot has prefetched. */
    interface Prefetched {

        /** Returns them to the broker. The session then receives no more rows. */
        void giveBack() throws JMSException;
    }

    /**
     * The thread of the slot leaves its session.
     *
     * @param rows what the session has prefetched
     * @param nanos the time
     */
    synchronized void leave(Prefetched rows, long nanos) {
        prefetched = rows;
        since = nanos;
    }

    /**
     * The thread of the slot comes back to its session. Waits until the rows are returned if that has begun.
     *
     * @return whether the session still receives rows
     */
    synchronized boolean comeBack() {
        boolean isReceiving = prefetched != null;
        prefetched = null;
        return isReceiving;
    }

    /**
     * Returns the rows if the slot has left its session for longer than a second. Called by another thread.
     *
     * @param nanos the time
     */
    synchronized void check(long nanos) throws JMSException {
        if (prefetched != null && nanos - since > LONG_NANOS) {
            prefetched.giveBack();
            prefetched = null;
        }
    }
}
