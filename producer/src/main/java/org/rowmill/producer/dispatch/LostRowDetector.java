package org.rowmill.producer.dispatch;

import java.time.Duration;
import org.rowmill.producer.inflight.RowCounts;

/**
 * Detects rows that no consumer holds any more: a consumer took their messages and sent no result that was accepted.
 * Used by the collector's thread.
 */
final class LostRowDetector {

    /** Time between two checks. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** Number of consecutive checks in which nothing may change before rows count as lost. */
    private static final int CHECKS = 5;

    private final Messages messages;
    private final long pauseNanos;
    private RowCounts lastCounts = RowCounts.NONE;
    private long lastCheck;
    private int unchanged;
    private int empty;

    /** The messages in the broker. */
    interface Messages {

        /** Counts the rows, with those that consumers hold. */
        long rows();

        /** Counts the results. */
        long results();

        /** Removes the messages of rows that are out of date and that no consumer holds. */
        void removeStale();
    }

    /**
     * Creates a detector for one table.
     *
     * @param messages the messages in the broker
     * @param pause time between two checks
     * @param nanos the time
     */
    LostRowDetector(Messages messages, Duration pause, long nanos) {
        this.messages = messages;
        this.pauseNanos = pause.toNanos();
        this.lastCheck = nanos;
    }

    /**
     * Checks, unless the last check was a moment ago. If nothing changes for a while, it removes messages that are out
     * of date: one of them may avoid all nodes that are left, and would stay in the queue.
     *
     * @param counts the rows of the table
     * @param unacknowledged results that the collector has received, and that the broker still counts
     * @param nanos the time
     * @return whether all rows in flight are lost
     */
    boolean areRowsLost(RowCounts counts, long unacknowledged, long nanos) {
        if (nanos - lastCheck < pauseNanos) {
            return false;
        }
        lastCheck = nanos;
        boolean isUnchanged = counts.inFlight() > 0 && counts.equals(lastCounts);
        lastCounts = counts;
        unchanged = isUnchanged ? unchanged + 1 : 0;
        empty = isUnchanged && messages.rows() == 0 && messages.results() <= unacknowledged ? empty + 1 : 0;
        if (unchanged >= CHECKS && empty == 0) {
            messages.removeStale();
            unchanged = 0;
        }
        if (empty < CHECKS) {
            return false;
        }
        empty = 0;
        return true;
    }
}
