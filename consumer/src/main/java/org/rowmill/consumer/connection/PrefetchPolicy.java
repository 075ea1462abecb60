package org.rowmill.consumer.connection;

/**
 * Decides from measured row times how many rows a slot prefetches. Slow rows are received one at a time, so that no row
 * waits in a busy slot while another slot is free. Fast rows are received in groups, because the cost of the broker
 * dominates. Has no thread and no clock. Used by one thread.
 */
public final class PrefetchPolicy {

    /** How rows are received. */
    public enum Level {
        /** One row in a transaction, without prefetch. */
        SINGLE(0, 1),
        FEW(8, 256),
        SOME(64, 256),
        MANY(1_000, 256);

        private static final int TYPICAL_ROW_BYTES = 450;
        private static final int BATCH_DELAY_MILLIS = 2;

        /** Number of rows of typical size to prefetch. */
        private final int prefetchedRows;

        private final int maxTransactionRows;

        Level(int prefetchedRows, int maxTransactionRows) {
            this.prefetchedRows = prefetchedRows;
            this.maxTransactionRows = maxTransactionRows;
        }

        /** Returns the prefetch window in bytes of messages. */
        int windowBytes() {
            return prefetchedRows * TYPICAL_ROW_BYTES;
        }

        /**
         * Returns how long results may wait to be written together. The commit after them does not wait. Writing each
         * result separately costs a third of the system time of fast rows; results of slow rows would only be late.
         */
        int batchDelayMillis() {
            return this == SINGLE ? 0 : BATCH_DELAY_MILLIS;
        }

        /** Returns the maximum number of rows in a transaction. */
        public int maxTransactionRows() {
            return maxTransactionRows;
        }
    }

    /** Maximum time of the prefetched rows: so long other slots may be idle at the end of a table. */
    private static final double MAX_PREFETCHED_NANOS = 160_000_000;

    /** If the prefetched rows take this many times the maximum, the level is lowered immediately. */
    private static final double EXTREME = 4;

    private static final double WEIGHT = 0.02;

    /** The first rows of a slot load classes, so they are not measured. */
    private static final int WARM_UP_ROWS = 2;

    private static final int ROWS_BEFORE_RAISING = 8;
    private static final long NANOS_BEFORE_RAISING_AGAIN = 200_000_000;

    private Level level = Level.SINGLE;
    private long rows;
    private double mean;
    private double deviation;
    private int rowsAtLevel;
    private long loweredAt;
    private boolean wasLowered;
    private boolean isDoubtful;

    /** Returns the current level. */
    public Level level() {
        return level;
    }

    /** Adds the time of a row. */
    public void add(long nanos) {
        rows++;
        rowsAtLevel++;
        if (rows <= WARM_UP_ROWS) {
            return;
        }
        double weight = Math.max(WEIGHT, 1.0 / (rows - WARM_UP_ROWS));
        double error = nanos - mean;
        mean += weight * error;
        deviation += weight * (Math.abs(error) - deviation);
        if (rows == WARM_UP_ROWS + 1) {
            deviation = nanos / 2.0;
        }
    }

    /**
     * Decides the level of the next transaction.
     *
     * @param nowNanos the time
     */
    public Level next(long nowNanos) {
        Level highest = highest(MAX_PREFETCHED_NANOS);
        if (highest.compareTo(level) < 0) {
            if (isDoubtful || prefetchedNanos(level) > EXTREME * MAX_PREFETCHED_NANOS) {
                loweredAt = nowNanos;
                wasLowered = true;
                change(highest);
            } else {
                isDoubtful = true; // a single row may be late because it waited for the CPU
            }
            return level;
        }
        isDoubtful = false;
        Level wanted = highest(MAX_PREFETCHED_NANOS / 2);
        if (wanted.compareTo(level) > 0 && mayRaise(nowNanos)) {
            change(wanted);
        }
        return level;
    }

    /** Returns the highest level whose prefetched rows take at most this time. */
    private Level highest(double nanos) {
        Level highest = Level.SINGLE;
        for (Level each : Level.values()) {
            if (prefetchedNanos(each) <= nanos) {
                highest = each;
            }
        }
        return highest;
    }

    /** Estimates the time of the prefetched rows of a level. The deviations of many rows partly cancel out. */
    private double prefetchedNanos(Level of) {
        return of.prefetchedRows * mean + 2 * Math.sqrt(of.prefetchedRows) * deviation;
    }

    /**
     * Waits for evidence, because a change opens a new session, and prevents frequent changes for rows near a limit.
     */
    private boolean mayRaise(long nowNanos) {
        return rows > WARM_UP_ROWS
                && rowsAtLevel >= ROWS_BEFORE_RAISING
                && (!wasLowered || nowNanos - loweredAt >= NANOS_BEFORE_RAISING_AGAIN);
    }

    private void change(Level to) {
        level = to;
        rowsAtLevel = 0;
        isDoubtful = false;
    }
}
