package org.rowmill.consumer;

/**
 * Decides from measured row times how rows are taken: dear ones one at a time, so that none waits behind another while a
 * slot is idle; cheap ones many at a time, since then the broker's work is what counts. No thread, no clock of its own.
 */
final class Pace {

    /** How rows are taken. */
    enum Level {
        /** One row a transaction, none fetched ahead. */
        SINGLE(0, 1),
        /** Some rows fetched ahead, about 64 of usual size. */
        SOME(28 << 10, 256),
        /** Many rows fetched ahead, about 1,000 of usual size. */
        MANY(450 << 10, 256);

        private static final int BATCH_DELAY_MILLIS = 2;

        private final int windowBytes;
        private final int rows;

        Level(int windowBytes, int rows) {
            this.windowBytes = windowBytes;
            this.rows = rows;
        }

        /** Bytes of messages that are fetched ahead. */
        int windowBytes() {
            return windowBytes;
        }

        /**
         * How long results may wait to be written together; the commit that follows them waits for nothing. A write each
         * costs a third of the system time of fast rows, but slow ones would only be late.
         */
        int batchDelayMillis() {
            return this == SINGLE ? 0 : BATCH_DELAY_MILLIS;
        }

        /** Rows of a transaction, at most. */
        int rows() {
            return rows;
        }
    }

    private static final double SINGLE_NANOS = 1_000_000;
    private static final double SOME_NANOS = 50_000;
    private static final double WEIGHT = 0.02;
    /** The first rows of a slot load classes. */
    private static final int WARM_UP_ROWS = 2;

    private static final int ROWS_BEFORE_UP = 8;
    private static final long NANOS_BEFORE_UP_AGAIN = 200_000_000;

    private Level level = Level.SINGLE;
    private long rows;
    private double mean;
    private double deviation;
    private int rowsAtLevel;
    private long downAt;
    private boolean wentDown;

    Level level() {
        return level;
    }

    /** Takes note of a row that took so long. */
    void add(long nanos) {
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

    /** Between two transactions: the level for the next. */
    Level next(long nowNanos) {
        double estimate = mean + 2 * deviation;
        Level wanted = estimate > SINGLE_NANOS ? Level.SINGLE : estimate > SOME_NANOS ? Level.SOME : Level.MANY;
        if (wanted.compareTo(level) < 0) {
            wentDown = true;
            downAt = nowNanos;
            change(wanted);
        } else if (wanted != level && mayGoUp(estimate, nowNanos)) {
            change(wanted);
        }
        return level;
    }

    /** Changing costs a new subscription, so it waits until it is clear; rows near a limit must not flap. */
    private boolean mayGoUp(double estimate, long nowNanos) {
        double limit = level == Level.SINGLE ? SINGLE_NANOS : SOME_NANOS;
        return rows > WARM_UP_ROWS
                && rowsAtLevel >= ROWS_BEFORE_UP
                && estimate < limit / 2
                && (!wentDown || nowNanos - downAt >= NANOS_BEFORE_UP_AGAIN);
    }

    private void change(Level to) {
        level = to;
        rowsAtLevel = 0;
    }
}
