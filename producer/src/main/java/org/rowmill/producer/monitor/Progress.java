package org.rowmill.producer.monitor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Formats the progress line of a table from counts and the time. Used by one thread. */
public final class Progress {

    private static final long RECENT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int RECENT_ROWS = 10;
    private static final long WARM_UP_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double SHOWN_MEDIAN_SECONDS = 1;
    private static final double DIGITS_BELOW = 10;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int SECONDS_PER_MINUTE = 60;

    private final String table;
    private final long start;
    private final Deque<Sample> recent = new ArrayDeque<>();

    private Optional<Double> median = Optional.empty();
    private Optional<Double> remaining = Optional.empty();
    private long now;

    /** When a number of finished rows was first seen. */
    private record Sample(long nanos, long rows) {}

    /**
     * Starts at 0 rows.
     *
     * @param table name of the table
     * @param nanos the time
     */
    Progress(String table, long nanos) {
        this.table = table;
        this.start = nanos;
        this.now = nanos;
        recent.add(new Sample(nanos, 0));
    }

    /** Returns the line, and remembers the state for the rate. */
    String line(ProgressState state, RowTimes.Times times, long nanos) {
        update(state, times, nanos);
        StringBuilder line = new StringBuilder(table);
        line.append(String.format(
                Locale.ROOT, ": %,d/%s%,d rows", state.finished(), state.isPlanned() ? "" : "≥", state.planned()));
        line.append(String.format(Locale.ROOT, ", %,d failed", state.failed()));
        if (state.finished() > 0) {
            line.append(", ").append(rateText(rowsPerSecond()));
        }
        median.filter(seconds -> seconds >= SHOWN_MEDIAN_SECONDS)
                .ifPresent(seconds -> line.append(", median ").append(time(seconds)));
        line.append(", ").append(clock((nanos - start) / NANOS_PER_SECOND));
        remaining.ifPresent(seconds -> line.append(", ETA ").append(clock(seconds)));
        return line.append(", ")
                .append(state.busy())
                .append('/')
                .append(state.slots())
                .append(" slots busy")
                .toString();
    }

    private void update(ProgressState state, RowTimes.Times times, long nanos) {
        now = nanos;
        if (recent.getLast().rows() != state.finished()) {
            recent.addLast(new Sample(nanos, state.finished()));
        }
        for (Sample first = recent.removeFirst(); ; first = recent.removeFirst()) {
            if (recent.isEmpty() || !isLongEnough(recent.getFirst(), state.finished(), nanos)) {
                recent.addFirst(first);
                break;
            }
        }
        long[] ended = times.ended();
        median = ended.length == 0 ? Optional.empty() : Optional.of(ended[ended.length / 2] / NANOS_PER_SECOND);
        OptionalDouble estimate = RemainingTime.seconds(state, times, recentRate());
        remaining = estimate.isPresent() ? Optional.of(estimate.getAsDouble()) : Optional.empty();
    }

    private static boolean isLongEnough(Sample first, long finished, long nanos) {
        return nanos - first.nanos() >= RECENT_NANOS && finished - first.rows() >= RECENT_ROWS;
    }

    /** Returns the rows per second of the last 10 s or the last 10 rows, whichever is longer, at the last line. */
    double rowsPerSecond() {
        return rateSince(recent.getFirst()).perSecond();
    }

    /** Returns the seconds that the remaining rows take, as estimated for the last line; empty: unknown. */
    Optional<Double> remainingSeconds() {
        return remaining;
    }

    /** Returns the median time of the last rows in seconds, at the last line; empty: no row has ended. */
    Optional<Double> medianSeconds() {
        return median;
    }

    /** Leaves out the time before the first rows, in which consumers start. */
    private RemainingTime.Rate recentRate() {
        for (Sample sample : recent) {
            if (sample.rows() > 0 && now - sample.nanos() >= WARM_UP_NANOS) {
                return rateSince(sample);
            }
        }
        return rateSince(recent.getFirst());
    }

    private RemainingTime.Rate rateSince(Sample first) {
        Sample last = recent.getLast();
        return new RemainingTime.Rate(last.rows() - first.rows(), (now - first.nanos()) / NANOS_PER_SECOND);
    }

    private static String rateText(double rowsPerSecond) {
        if (rowsPerSecond >= 1) {
            return amount(rowsPerSecond) + " rows/s";
        }
        double perMinute = rowsPerSecond * SECONDS_PER_MINUTE;
        return perMinute >= 1 ? amount(perMinute) + " rows/min" : amount(perMinute * SECONDS_PER_MINUTE) + " rows/h";
    }

    private static String amount(double number) {
        return String.format(Locale.ROOT, number < DIGITS_BELOW ? "%.1f" : "%,.0f", number);
    }

    private static String time(double seconds) {
        return seconds < 2 * SECONDS_PER_MINUTE ? amount(seconds) + " s" : clock(seconds);
    }

    private static String clock(double seconds) {
        long whole = Math.round(seconds);
        long minutes = whole / SECONDS_PER_MINUTE;
        if (minutes < SECONDS_PER_MINUTE) {
            return String.format(Locale.ROOT, "%d:%02d", minutes, whole % SECONDS_PER_MINUTE);
        }
        return String.format(
                Locale.ROOT,
                "%d:%02d:%02d",
                minutes / SECONDS_PER_MINUTE,
                minutes % SECONDS_PER_MINUTE,
                whole % SECONDS_PER_MINUTE);
    }
}
