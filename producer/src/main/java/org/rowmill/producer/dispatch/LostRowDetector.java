package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.rowmill.producer.inflight.InFlightRows;

/**
 * Detects rows that no consumer holds any more: a consumer took their messages and sent no result that was accepted.
 * Used by the collector's thread.
 */
final class LostRowDetector {

    /** Time between two checks. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** Number of consecutive checks in which nothing may change before rows count as lost. */
    private static final int CHECKS = 5;

    private final LongSupplier rows;
    private final LongSupplier results;
    private final long pauseNanos;
    private InFlightRows.Counts lastCounts = new InFlightRows.Counts(0, 0, 0, 0);
    private long lastCheck;
    private int unchanged;

    /**
     * Creates a detector for one table.
     *
     * @param rows counts the rows in the broker, with those that consumers hold
     * @param results counts the results in the broker
     * @param pause time between two checks
     * @param nanos the time
     */
    LostRowDetector(LongSupplier rows, LongSupplier results, Duration pause, long nanos) {
        this.rows = rows;
        this.results = results;
        this.pauseNanos = pause.toNanos();
        this.lastCheck = nanos;
    }

    /**
     * Checks, unless the last check was a moment ago.
     *
     * @param counts the rows of the table
     * @param unacknowledged results that the collector has received, and that the broker still counts
     * @param nanos the time
     * @return whether all rows in flight are lost
     */
    boolean areRowsLost(InFlightRows.Counts counts, long unacknowledged, long nanos) {
        if (nanos - lastCheck < pauseNanos) {
            return false;
        }
        lastCheck = nanos;
        boolean isUnchanged = counts.inFlight() > 0
                && counts.equals(lastCounts)
                && rows.getAsLong() == 0
                && results.getAsLong() <= unacknowledged;
        lastCounts = counts;
        unchanged = isUnchanged ? unchanged + 1 : 0;
        if (unchanged < CHECKS) {
            return false;
        }
        unchanged = 0;
        return true;
    }
}
