package org.rowmill.producer.monitor;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.PriorityQueue;

/**
 * Estimates how long the rows that remain will take, from the rows that ended, the rows that are being computed, and the
 * slots. Has no state.
 */
final class RemainingTime {

    private static final double NANOS_PER_SECOND = 1e9;

    /** So many rows are assigned to slots one by one. Before them, all slots are taken to be busy. */
    private static final int ASSIGNED_ROWS = 1 << 12;

    /** A hostile node may invent more. */
    private static final int MOST_SLOTS = 1 << 16;

    /** Below this time of a row, the work of Rowmill itself counts, and the rate contains it. */
    private static final double SHORT_ROW_SECONDS = 1;

    /** From so many rows on, a rate is exact to about 20 percent. */
    private static final long ROWS_OF_A_RATE = 20;

    /** Its multiples are spread evenly. */
    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private RemainingTime() {}

    /**
     * Rows per second.
     *
     * @param rows rows that were counted
     * @param seconds the time in which they ended
     */
    record Rate(long rows, double seconds) {
        double perSecond() {
            return seconds > 0 ? rows / seconds : 0;
        }
    }

    /**
     * Estimates the time in seconds.
     *
     * @param state how far the table is
     * @param times times of rows
     * @param recent the rate of the last seconds
     * @return empty if no row has ended yet, or not all rows are known
     */
    static OptionalDouble seconds(ProgressState state, RowTimes.Times times, Rate recent) {
        long rows = state.planned() - state.finished();
        if (!state.isPlanned() || state.finished() == 0) {
            return OptionalDouble.empty();
        }
        if (rows <= 0) {
            return OptionalDouble.of(0);
        }
        int useful = (int) Math.min(rows, Math.min(state.slots(), MOST_SLOTS));
        int slots = Math.max(useful, times.inHand().length);
        if (times.ended().length == 0 || slots == 0) {
            return recent.rows() == 0 ? OptionalDouble.empty() : OptionalDouble.of(rows / recent.perSecond());
        }
        double[] inHand = seconds(times.inHand());
        Arrays.sort(inHand);
        RowTimeDistribution distribution = new RowTimeDistribution(seconds(times.ended()), inHand);
        double[] residuals = residuals(distribution, inHand);
        if (distribution.mean() < SHORT_ROW_SECONDS && recent.rows() >= ROWS_OF_A_RATE) {
            double longest = Arrays.stream(residuals).max().orElse(0);
            return OptionalDouble.of(Math.max(rows / recent.perSecond(), longest));
        }
        double attempts = rows * Math.max(1, (times.attempts() + 1.0) / (state.finished() + 1.0)); // retries, too
        long waiting = Math.max(0, Math.round(attempts) - inHand.length);
        return OptionalDouble.of(scheduled(distribution, residuals, slots, waiting));
    }

    private static double[] seconds(long[] nanos) {
        return Arrays.stream(nanos).mapToDouble(time -> time / NANOS_PER_SECOND).toArray();
    }

    /** Returns how long each row in hand still takes. They get different quantiles, because one of them ends last. */
    private static double[] residuals(RowTimeDistribution distribution, double[] inHand) {
        double[] residuals = new double[inHand.length];
        for (int i = 0; i < inHand.length; i++) {
            residuals[i] = distribution.remaining(inHand[i], part(i, inHand.length));
        }
        return residuals;
    }

    /** Spreads the numbers 0 to count - 1 evenly between 0 and 1, in an order that looks random, without randomness. */
    private static double part(int number, int count) {
        long step = Math.max(1, Math.round(count * GOLDEN_RATIO));
        while (commonDivisor(step, count) > 1) {
            step++;
        }
        return ((number * step + count / 2) % count + 0.5) / count;
    }

    private static long commonDivisor(long a, long b) {
        return b == 0 ? a : commonDivisor(b, a % b);
    }

    /** Gives each waiting row to the slot that is free first, as the broker does, and returns when the last row ends. */
    private static double scheduled(RowTimeDistribution distribution, double[] residuals, int slots, long waiting) {
        PriorityQueue<Double> freeAt = new PriorityQueue<>();
        double end = 0;
        for (int i = 0; i < slots; i++) {
            double free = i < residuals.length ? residuals[i] : 0;
            freeAt.add(free);
            end = Math.max(end, free);
        }
        int assigned = (int) Math.min(waiting, ASSIGNED_ROWS);
        for (int i = 0; i < assigned; i++) {
            double next = freeAt.remove() + distribution.quantile(part(i, assigned));
            freeAt.add(next);
            end = Math.max(end, next);
        }
        return end + (waiting - assigned) * distribution.mean() / slots;
    }
}
