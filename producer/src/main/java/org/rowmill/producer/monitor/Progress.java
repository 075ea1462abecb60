package org.rowmill.producer.monitor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Formats the progress line of a table from counts and the time. Used by one thread. */
public final class Progress {

    private static final long RECENT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int SECONDS_PER_MINUTE = 60;

    private final String table;
    private final long start;
    private final Deque<Sample> recent = new ArrayDeque<>();

    private record Sample(long nanos, long rows) {}

    /**
     * How far a table is.
     *
     * @param finished rows done and failed
     * @param failed rows failed
     * @param planned rows planned so far
     * @param isPlanned whether these are all rows
     * @param busy number of busy slots
     * @param slots number of all slots
     */
    public record State(long finished, long failed, long planned, boolean isPlanned, int busy, int slots) {}

    /**
     * Starts at 0 rows.
     *
     * @param table name of the table
     * @param nanos the time
     */
    Progress(String table, long nanos) {
        this.table = table;
        this.start = nanos;
        recent.add(new Sample(nanos, 0));
    }

    /** Returns the line. The rate is that of the last 10 s. */
    String line(State state, long nanos) {
        recent.addLast(new Sample(nanos, state.finished()));
        while (recent.size() > 2 && nanos - recent.getFirst().nanos() > RECENT_NANOS) {
            recent.removeFirst();
        }
        double rate = rate(recent.getFirst(), recent.getLast());
        StringBuilder line = new StringBuilder(table);
        line.append(String.format(
                Locale.ROOT, ": %,d/%s%,d rows", state.finished(), state.isPlanned() ? "" : "≥", state.planned()));
        line.append(String.format(Locale.ROOT, ", %,d failed", state.failed()));
        line.append(String.format(Locale.ROOT, rate < 10 ? ", %.1f rows/s" : ", %,.0f rows/s", rate));
        line.append(", ").append(clock((nanos - start) / NANOS_PER_SECOND));
        if (state.isPlanned() && rate > 0) {
            line.append(", ETA ").append(clock((state.planned() - state.finished()) / rate));
        }
        return line.append(", ")
                .append(state.busy())
                .append('/')
                .append(state.slots())
                .append(" slots busy")
                .toString();
    }

    /** Returns the rows per second of the last 10 s, as in the last line. */
    double rowsPerSecond() {
        return rate(recent.getFirst(), recent.getLast());
    }

    private static double rate(Sample first, Sample last) {
        long nanos = last.nanos() - first.nanos();
        return nanos <= 0 ? 0 : (last.rows() - first.rows()) * NANOS_PER_SECOND / nanos;
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
