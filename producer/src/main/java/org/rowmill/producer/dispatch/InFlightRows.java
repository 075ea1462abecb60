package org.rowmill.producer.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * Knows which rows of a table are in flight, and counts those that are done or failed. It is the only owner of that
 * state. Thread-safe; every method is short, and only {@link #put} waits, for room.
 *
 * <p>A row is in flight from its publishing until its first result. A second result finds no row in flight; it is
 * counted and dropped. Therefore each result is kept once, even if messages are delivered twice.
 */
public final class InFlightRows {

    /** After this many crashes of the consumers that computed it, a row counts as a poison row. */
    static final int CRASHES_OF_A_POISON_ROW = 3;

    private final int maxRows;
    private final long maxBytes;
    private final RowTokens tokens;
    private final Map<Long, InFlightRow> inFlight = new HashMap<>();
    private final List<CrashedAttempt> crashes = new ArrayList<>();
    private long nextRow;
    private long bytes;
    private long done;
    private long failed;
    private long duplicates;
    private boolean closed;

    /**
     * Starts without rows.
     *
     * @param maxRows how many rows may be in flight at once
     * @param maxBytes how many bytes their messages may have; a larger row passes if it is the only one
     * @param tokens tokens of the rows
     */
    public InFlightRows(int maxRows, long maxBytes, RowTokens tokens) {
        this.tokens = tokens;
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
    }

    private static final class InFlightRow {
        private final PlannedRow row;
        private final int bytes;
        private int crashCount;

        InFlightRow(PlannedRow row, int bytes) {
            this.row = row;
            this.bytes = bytes;
        }
    }

    /**
     * Numbers of rows of the table.
     *
     * @param done rows computed
     * @param failed rows given up
     * @param duplicates results that were dropped because another one came first
     * @param inFlight rows published and not finished
     */
    public record Counts(long done, long failed, long duplicates, int inFlight) {

        /** Rows done or failed. */
        public long finished() {
            return done + failed;
        }
    }

    synchronized long nextRow() {
        return nextRow++;
    }

    /** Returns the token that a result of this row must show. */
    long token(long number) {
        return tokens.of(number);
    }

    /** Whether a row with this number was published, in flight or not, and has this token. */
    synchronized boolean isValidToken(long number, long token) {
        return number >= 0 && number < nextRow && tokens.of(number) == token;
    }

    /** Adds a row, unless there is no room for it. */
    synchronized boolean tryPut(long number, PlannedRow row, int size) {
        if (inFlight.size() >= maxRows || (!inFlight.isEmpty() && bytes + size > maxBytes)) {
            return false;
        }
        inFlight.put(number, new InFlightRow(row, size));
        bytes += size;
        return true;
    }

    /** Adds a row; waits for room, but not longer than given. */
    synchronized boolean put(long number, PlannedRow row, int size, long waitMillis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        while (!tryPut(number, row, size)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Removes the row of a result. Empty, and counted as a duplicate, if the row is not in flight. */
    synchronized Optional<PlannedRow> take(long number) {
        Optional<PlannedRow> row = forget(number);
        if (row.isEmpty()) {
            duplicates++;
        }
        return row;
    }

    /** Removes a row without a result; empty if it is not in flight. */
    synchronized Optional<PlannedRow> forget(long number) {
        InFlightRow removed = inFlight.remove(number);
        if (removed == null) {
            return Optional.empty();
        }
        bytes -= removed.bytes;
        notifyAll();
        return Optional.of(removed.row);
    }

    synchronized void countDone() {
        done++;
    }

    synchronized void countFailed() {
        failed++;
    }

    /**
     * Records that a consumer crashed while it computed these rows.
     *
     * @param node where the consumer ran
     * @param failure reported for the attempts of rows that are computed again
     * @return the poison rows among them; the caller gives them up
     */
    synchronized List<Long> recordCrash(List<Long> rows, String node, Failure failure) {
        List<Long> poisonRows = new ArrayList<>();
        for (long number : rows) {
            InFlightRow row = inFlight.get(number);
            if (row != null && ++row.crashCount >= CRASHES_OF_A_POISON_ROW) {
                poisonRows.add(number);
            } else if (row != null) {
                crashes.add(new CrashedAttempt(number, node, failure, row.crashCount, false));
            }
        }
        return poisonRows;
    }

    /** Records that the attempt of a row in flight failed without a result. */
    synchronized void recordFailure(long number, String node, Failure failure) {
        InFlightRow row = inFlight.get(number);
        if (row != null) {
            crashes.add(new CrashedAttempt(number, node, failure, Math.max(1, row.crashCount), true));
        }
    }

    /** Finds a row in flight. */
    public synchronized Optional<PlannedRow> find(long number) {
        return Optional.ofNullable(inFlight.get(number)).map(found -> found.row);
    }

    /** Returns the crashed attempts recorded since the last call, in order. */
    synchronized List<CrashedAttempt> takeCrashes() {
        if (crashes.isEmpty()) {
            return List.of();
        }
        List<CrashedAttempt> taken = List.copyOf(crashes);
        crashes.clear();
        return taken;
    }

    /** Returns the numbers of the rows in flight. */
    synchronized List<Long> numbers() {
        return List.copyOf(inFlight.keySet());
    }

    /** Declares that no more rows will be added. */
    public synchronized void close() {
        closed = true;
    }

    /** Whether no row is in flight and no more rows will be added. */
    public synchronized boolean isFinished() {
        return closed && inFlight.isEmpty();
    }

    public synchronized Counts counts() {
        return new Counts(done, failed, duplicates, inFlight.size());
    }
}
