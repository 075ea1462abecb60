package org.rowmill.producer.inflight;

/**
 * Numbers of rows of a table.
 *
 * @param done rows computed
 * @param failed rows given up
 * @param duplicates results that were ignored because another one came first
 * @param inFlight rows published and not finished
 */
public record RowCounts(long done, long failed, long duplicates, int inFlight) {

    /** Counts of a table without rows. */
    public static final RowCounts NONE = new RowCounts(0, 0, 0, 0);

    /** Returns the number of rows done or failed. */
    public long finished() {
        return done + failed;
    }
}
