package org.rowmill.consumer.connection;

/**
 * Decides from measured row times how rows are taken: dear ones one at a time, so that none waits behind another while a
 * slot is idle; cheap ones many at a time, since then the broker's work is what counts. No thread, no clock of its own.
 */
public final class PrefetchPolicy {

    /** How rows are taken. */
    public enum Level {
        /** One row a transaction, none fetched ahead. */
        SINGLE(0, 1),
        FEW(8, 256),
        SOME(64, 256),
        MANY(1_000, 256);

        private static final int USUAL_ROW_BYTES = 450;
        private static final int BATCH_DELAY_MILLIS = 2;

        /** Rows of usual size that are fetched ahead. */
        private final int ahead;

        private final int rows;

        Level(int ahead, int rows) {
            this.ahead = ahead;
            this.rows = rows;
        }

        /** Bytes of messages that are fetched ahead. */
        int windowBytes() {
            return ahead * USUAL_ROW_BYTES;
        }

        /**
         * How long results may wait to be written together; the commit that follows them waits for nothing. A write each
         * costs a third of the system time of fast rows, but slow ones would only be late.
         */
        int batchDelayMillis() {
            return this == SINGLE ? 0 : BATCH_DELAY_MILLIS;
        }

        /** Rows of a transaction, at most. */
        public int rows() {
            return rows;
        }
    }

    /** What was fetched ahead may keep a slot busy so long while others, at the end of a table, are idle. */
    private static final double MOST_HELD_NANOS = 160_000_000;

    private static final double FAR_TOO_MUCH = 4;
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
    private boolean isDoubtful;

    public Level level() {
        return level;
    }

    /** Takes note of a row that took so long. */
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

    /** Between two transactions: the level for the next. */
    public Level next(long nowNanos) {
        Level most = highest(MOST_HELD_NANOS);
        if (most.compareTo(level) < 0) {
            if (mustGoDown()) {
                downAt = nowNanos;
                wentDown = true;
                change(most);
            } else {
                isDoubtful = true;
            }
            return level;
        }
        isDoubtful = false;
        Level wanted = highest(MOST_HELD_NANOS / 2);
        if (wanted.compareTo(level) > 0 && mayGoUp(nowNanos)) {
            change(wanted);
        }
        return level;
    }

    /** The highest level whose rows fetched ahead take no longer. */
    private Level highest(double heldNanos) {
        Level highest = Level.SINGLE;
        for (Level each : Level.values()) {
            if (held(each) <= heldNanos) {
                highest = each;
            }
        }
        return highest;
    }

    /** How long the rows fetched ahead take, and with luck less: deviations of many partly cancel out. */
    private double held(Level of) {
        return of.ahead * mean + 2 * Math.sqrt(of.ahead) * deviation;
    }

    /** A row can be late because others had the CPU: that counts if it is far too much, or lasts. */
    private boolean mustGoDown() {
        return isDoubtful || held(level) > FAR_TOO_MUCH * MOST_HELD_NANOS;
    }

    /** Changing costs a new subscription, so it waits until it is clear; rows near a limit must not flap. */
    private boolean mayGoUp(long nowNanos) {
        return rows > WARM_UP_ROWS
                && rowsAtLevel >= ROWS_BEFORE_UP
                && (!wentDown || nowNanos - downAt >= NANOS_BEFORE_UP_AGAIN);
    }

    private void change(Level to) {
        level = to;
        rowsAtLevel = 0;
        isDoubtful = false;
    }
}
