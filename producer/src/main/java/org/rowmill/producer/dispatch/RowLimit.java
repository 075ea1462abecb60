package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.rowmill.producer.options.RowTimeout;

/**
 * How long a row may take: {@code --timeout none}, a time, or {@code auto}: ten times the median of the rows computed so
 * far, at least 30 s, once there are 20. Thread-safe.
 */
public final class RowLimit {

    private static final int ENOUGH_ROWS = 20;
    private static final int REMEMBERED = 1 << 10;
    private static final int EACH = 64;
    private static final int TIMES_THE_MEDIAN = 10;
    private static final Duration LEAST = Duration.ofSeconds(30);
    private static final double WORTH_TELLING = 1.1;

    private final boolean isAuto;
    private final long[] nanos = new long[REMEMBERED];
    private final Consumer<Duration> told;
    private Duration limit;
    private long rows;

    /**
     * A limit.
     *
     * @param setting what a user asked for
     * @param told of each change
     */
    public RowLimit(RowTimeout setting, Consumer<Duration> told) {
        this.isAuto = setting.isAuto();
        this.limit = setting.fixed();
        this.told = told;
    }

    /** Zero: none. */
    public synchronized Duration current() {
        return limit;
    }

    /** Notes how long a row took that was computed. */
    void add(long rowNanos) {
        if (isAuto && note(rowNanos)) {
            told.accept(current());
        }
    }

    private synchronized boolean note(long rowNanos) {
        nanos[(int) (rows % REMEMBERED)] = rowNanos;
        rows++;
        if (rows != ENOUGH_ROWS && rows % EACH != 0) {
            return false;
        }
        Duration next = timesMedian();
        boolean isNews = limit.isZero() || ratio(next, limit) > WORTH_TELLING || ratio(limit, next) > WORTH_TELLING;
        if (isNews) {
            limit = next;
        }
        return isNews;
    }

    private Duration timesMedian() {
        long[] sorted = Arrays.copyOf(nanos, (int) Math.min(rows, REMEMBERED));
        Arrays.sort(sorted);
        Duration times = Duration.ofNanos(sorted[sorted.length / 2]).multipliedBy(TIMES_THE_MEDIAN);
        // Whole seconds: it is shown to people.
        Duration rounded = Duration.ofSeconds(times.toSeconds() + 1);
        return rounded.compareTo(LEAST) < 0 ? LEAST : rounded;
    }

    private static double ratio(Duration a, Duration b) {
        return (double) a.toMillis() / b.toMillis();
    }
}
