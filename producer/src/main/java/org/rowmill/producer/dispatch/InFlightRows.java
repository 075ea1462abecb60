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
 * Which rows of a table are out, done and failed: the one owner of that state. Thread-safe; every method is short, and
 * only {@link #put} waits, for room.
 *
 * <p>A row is out from its publishing until its first result. A second result finds no row that is out, and is counted
 * and dropped: so each result is kept once, whatever is delivered twice.
 */
public final class InFlightRows {

    /** A row in the hands of this many consumers that died is set aside: it is likely what kills them. */
    static final int CRASHES_OF_A_POISON_ROW = 3;

    private final int maxRows;
    private final long maxBytes;
    private final RowTokens tokens;
    private final Map<Long, InFlightRow> out = new HashMap<>();
    private final List<CrashedAttempt> crashes = new ArrayList<>();
    private long nextRow;
    private long bytes;
    private long done;
    private long failed;
    private long duplicates;
    private boolean closed;

    /**
     * An empty ledger.
     *
     * @param maxRows how many rows may be out at once
     * @param maxBytes how many bytes their messages may have; one larger row alone is let through
     * @param tokens that go out with the rows
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
     * A row that a consumer had in hand when it died, or for whose sake it was ended.
     *
     * @param attempts in how many hands it was, this time included
     * @param isSetAside it failed with this; else it is computed again
     */
    record CrashedAttempt(long number, String node, Failure failure, int attempts, boolean isSetAside) {}

    /** How far the table is. */
    public record Counts(long done, long failed, long duplicates, int out) {}

    synchronized long nextRow() {
        return nextRow++;
    }

    /** What shows that somebody was given a row. */
    public long token(long number) {
        return tokens.of(number);
    }

    /** Whether this shows that somebody was given a row of this table, out or not. */
    synchronized boolean wasGiven(long number, long token) {
        return number >= 0 && number < nextRow && tokens.of(number) == token;
    }

    /** Notes that a row is out unless there is no room for it. */
    synchronized boolean tryPut(long number, PlannedRow row, int size) {
        if (out.size() >= maxRows || (!out.isEmpty() && bytes + size > maxBytes)) {
            return false;
        }
        out.put(number, new InFlightRow(row, size));
        bytes += size;
        return true;
    }

    /** Waits for room, at most a moment: the caller looks in between whether it is to stop. */
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

    /** The row of a result, which is no longer out then; empty when it is not out: a second result. */
    synchronized Optional<PlannedRow> take(long number) {
        Optional<PlannedRow> row = forget(number);
        if (row.isEmpty()) {
            duplicates++;
        }
        return row;
    }

    /** Takes back a row that no consumer has seen. */
    public synchronized Optional<PlannedRow> forget(long number) {
        InFlightRow gone = out.remove(number);
        if (gone == null) {
            return Optional.empty();
        }
        bytes -= gone.bytes;
        notifyAll();
        return Optional.of(gone.row);
    }

    synchronized void countDone() {
        done++;
    }

    synchronized void countFailed() {
        failed++;
    }

    /**
     * Notes that a consumer died with these rows in hand.
     *
     * @param failure what the history of those tells that are computed again
     * @return those of them that have now been in the hands of too many that died
     */
    synchronized List<Long> died(List<Long> inHand, String node, Failure failure) {
        List<Long> killers = new ArrayList<>();
        for (long number : inHand) {
            InFlightRow row = out.get(number);
            if (row != null && ++row.crashCount >= CRASHES_OF_A_POISON_ROW) {
                killers.add(number);
            } else if (row != null) {
                crashes.add(new CrashedAttempt(number, node, failure, row.crashCount, false));
            }
        }
        return killers;
    }

    /** Hands a row that is out to the collector as failed, without a result. */
    synchronized void setAside(long number, String node, Failure failure) {
        InFlightRow row = out.get(number);
        if (row != null) {
            crashes.add(new CrashedAttempt(number, node, failure, Math.max(1, row.crashCount), true));
        }
    }

    /** A row that is out. */
    public synchronized Optional<PlannedRow> find(long number) {
        return Optional.ofNullable(out.get(number)).map(found -> found.row);
    }

    /** What there was since the last call, in its order. */
    synchronized List<CrashedAttempt> takeCrashes() {
        if (crashes.isEmpty()) {
            return List.of();
        }
        List<CrashedAttempt> taken = List.copyOf(crashes);
        crashes.clear();
        return taken;
    }

    /** Numbers of the rows that are out. */
    synchronized List<Long> out() {
        return List.copyOf(out.keySet());
    }

    /** Says that no more rows will go out. */
    public synchronized void close() {
        closed = true;
    }

    /** Whether every row that went out is back, and no more will. */
    public synchronized boolean isFinished() {
        return closed && out.isEmpty();
    }

    public synchronized Counts counts() {
        return new Counts(done, failed, duplicates, out.size());
    }
}
