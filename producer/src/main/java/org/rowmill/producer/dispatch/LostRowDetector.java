package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells when rows are out of which nobody has the message: a consumer took them and sent no result that could be kept. Used
 * by the collector's thread.
 */
public final class LostRowDetector {

    /** Between two looks. */
    public static final Duration PAUSE = Duration.ofSeconds(1);

    /** So often in a row nothing must have moved. */
    private static final int LOOKS = 5;

    private final LongSupplier rows;
    private final LongSupplier results;
    private final long pauseNanos;
    private InFlightRows.Counts seen = new InFlightRows.Counts(0, 0, 0, 0);
    private long looked = System.nanoTime();
    private int still;

    /**
     * For one table.
     *
     * @param rows messages of rows in the broker, waiting or in the hands of a consumer
     * @param results messages of results there
     * @param pause between two looks
     */
    public LostRowDetector(LongSupplier rows, LongSupplier results, Duration pause) {
        this.pauseNanos = pause.toNanos();
        this.rows = rows;
        this.results = results;
    }

    /**
     * Looks, unless it has just done so.
     *
     * @param counts how the table is
     * @param inHand results that the collector has, which the broker still counts
     * @return whether all rows that are out are strays
     */
    boolean areThere(InFlightRows.Counts counts, long inHand) {
        long now = System.nanoTime();
        if (now - looked < pauseNanos) {
            return false;
        }
        looked = now;
        boolean isStill =
                counts.out() > 0 && counts.equals(seen) && rows.getAsLong() == 0 && results.getAsLong() <= inHand;
        seen = counts;
        still = isStill ? still + 1 : 0;
        if (still < LOOKS) {
            return false;
        }
        still = 0;
        return true;
    }
}
