package org.rowmill.consumer.work;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.Times;

/**
 * The time limits of one slot: of the row that it computes, and of the column method that runs. The thread of the slot
 * says what begins and ends; the watching thread interrupts it when a limit is exceeded. Thread-safe.
 */
public final class Deadline {

    /** Time that an interrupted row has to end. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final long NONE = Long.MAX_VALUE;

    private final LongSupplier nanoTime;

    /** The thread of the slot; null if the slot is idle. This object guards this field and those below. */
    private @Nullable Thread thread;

    private long rowStart;
    private long methodEnd = NONE;
    private Duration methodLimit = Duration.ZERO;
    private @Nullable Expired expired;
    private long expiredAt;

    Deadline(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * A limit that was exceeded.
     *
     * @param message the message of the failure
     * @param isOfRow whether it is the limit of the row; otherwise that of a column method
     * @param stack where the thread of the slot was
     */
    record Expired(String message, boolean isOfRow, List<StackTraceElement> stack) {
        Expired {
            stack = List.copyOf(stack);
        }
    }

    /** What the watching thread finds. */
    enum State {
        IN_TIME,
        INTERRUPTED,
        OVERDUE
    }

    synchronized void beginRow() {
        thread = Thread.currentThread();
        rowStart = nanoTime.getAsLong();
        methodEnd = NONE;
        expired = null;
    }

    synchronized void beginMethod(Duration limit) {
        methodLimit = limit;
        methodEnd = nanoTime.getAsLong() + limit.toNanos();
    }

    /**
     * Ends the limit of a method. Also called before a method, to find out whether the limit of the row is exceeded.
     *
     * @return the limit that was exceeded, if any
     */
    synchronized Optional<Expired> endMethod() {
        methodEnd = NONE;
        Expired exceeded = expired;
        if (exceeded == null) {
            return Optional.empty();
        }
        Thread.interrupted();
        if (!exceeded.isOfRow()) {
            expired = null;
        }
        return Optional.of(exceeded);
    }

    /** Ends the limit of the row. Clears a late interrupt, so that it does not reach the next row. */
    synchronized void endRow() {
        thread = null;
        Thread.interrupted();
    }

    /**
     * Interrupts the thread of the slot if a limit is exceeded.
     *
     * @param now the time, from the same clock
     * @param rowLimit the limit of rows; zero if there is none
     */
    synchronized State check(long now, Duration rowLimit) {
        Thread slot = thread;
        if (slot == null) {
            return State.IN_TIME;
        }
        if (expired != null) {
            return now - expiredAt > GRACE.toNanos() ? State.OVERDUE : State.INTERRUPTED;
        }
        boolean isOfRow = !rowLimit.isZero() && now - rowStart > rowLimit.toNanos();
        if (!isOfRow && (methodEnd == NONE || now - methodEnd < 0)) {
            return State.IN_TIME;
        }
        String message = isOfRow
                ? "it took longer than " + Times.text(rowLimit) + " (--timeout)"
                : "it took longer than " + Times.text(methodLimit) + " (@Column(timeout))";
        expired = new Expired(message, isOfRow, List.of(slot.getStackTrace()));
        expiredAt = now;
        slot.interrupt();
        return State.INTERRUPTED;
    }

    /** Returns how long the slot has computed its row, in nanoseconds. Empty if the slot is idle. */
    public synchronized OptionalLong age(long now) {
        return thread == null ? OptionalLong.empty() : OptionalLong.of(now - rowStart);
    }

    /** Returns where the thread of the slot is. Empty if the slot is idle. */
    public synchronized List<StackTraceElement> stack() {
        return thread == null ? List.of() : List.of(thread.getStackTrace());
    }
}
