package org.rowmill.producer.monitor;

import java.util.Arrays;

/** How long the last attempts of the rows of a table took. Thread-safe. */
public final class RowTimes {

    private static final int REMEMBERED = 1 << 10;

    private final long[] nanos = new long[REMEMBERED];
    private long attempts;

    /**
     * Records an attempt, even one that failed.
     *
     * @param attemptNanos how long it took; 0: unknown, and ignored
     */
    public synchronized void add(long attemptNanos) {
        if (attemptNanos > 0) {
            nanos[(int) (attempts % REMEMBERED)] = attemptNanos;
            attempts++;
        }
    }

    /**
     * Returns what {@link RemainingTime} needs.
     *
     * @param inHandNanos for how long each row in a slot has been computed
     */
    public synchronized Times at(long[] inHandNanos) {
        long[] last = Arrays.copyOf(nanos, (int) Math.min(attempts, REMEMBERED));
        Arrays.sort(last);
        return new Times(last, attempts, inHandNanos);
    }

    /**
     * The times of rows at one moment.
     *
     * @param ended how long the last attempts took, at most {@value #REMEMBERED} of them, ascending
     * @param attempts number of all attempts that ended
     * @param inHand for how long each row in a slot has been computed
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one estimate
    public record Times(long[] ended, long attempts, long[] inHand) {

        /** No row has been computed yet. */
        public static final Times NONE = new Times(new long[0], 0, new long[0]);
    }
}
