package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.rowmill.producer.options.RowTimeout;

/**
 * The time limit of a row: {@code --timeout none}, a fixed time, or {@code auto}. With {@code auto} the limit is ten
 * times the median of the rows computed so far, at least 30 s, from the 20th row on. Thread-safe.
 */
public final class RowLimit {

    private static final int FIRST_ROWS = 20;
    private static final int REMEMBERED_ROWS = 1 << 10;
    private static final int ROWS_BETWEEN_UPDATES = 64;
    private static final int TIMES_THE_MEDIAN = 10;
    private static final Duration LEAST = Duration.ofSeconds(30);
    private static final double SMALLEST_CHANGE = 1.1;

    private final boolean isAuto;
    private final long[] nanos = new long[REMEMBERED_ROWS];
    private final Consumer<Duration> onChange;
    private Duration limit;
    private long rows;

    /**
     * Starts with the fixed time, or without a limit.
     *
     * @param setting the value of {@code --timeout}
     * @param onChange receives each new limit
     */
    public RowLimit(RowTimeout setting, Consumer<Duration> onChange) {
        this.isAuto = setting.isAuto();
        this.limit = setting.fixed();
        this.onChange = onChange;
    }

    /** Returns the limit; zero: none. */
    public synchronized Duration current() {
        return limit;
    }

    /** Records how long a computed row took. */
    void add(long rowNanos) {
        if (isAuto && update(rowNanos)) {
            onChange.accept(current());
        }
    }

    private synchronized boolean update(long rowNanos) {
        nanos[(int) (rows % REMEMBERED_ROWS)] = rowNanos;
        rows++;
        if (rows != FIRST_ROWS && rows % ROWS_BETWEEN_UPDATES != 0) {
            return false;
        }
        Duration next = timesMedian();
        boolean isChanged =
                limit.isZero() || ratio(next, limit) > SMALLEST_CHANGE || ratio(limit, next) > SMALLEST_CHANGE;
        if (isChanged) {
            limit = next;
        }
        return isChanged;
    }

    private Duration timesMedian() {
        long[] sorted = Arrays.copyOf(nanos, (int) Math.min(rows, REMEMBERED_ROWS));
        Arrays.sort(sorted);
        Duration times = Duration.ofNanos(sorted[sorted.length / 2]).multipliedBy(TIMES_THE_MEDIAN);
        Duration rounded = Duration.ofSeconds(times.toSeconds() + 1); // whole seconds, because users see it
        return rounded.compareTo(LEAST) < 0 ? LEAST : rounded;
    }

    private static double ratio(Duration a, Duration b) {
        return (double) a.toMillis() / b.toMillis();
    }
}
