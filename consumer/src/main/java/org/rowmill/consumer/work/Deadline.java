package org.rowmill.consumer.work;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.Times;

/**
 * The time limits of one slot: of the row that it computes and of the column method that runs. The slot's thread says what
 * begins and ends; the watching thread interrupts it when a limit is passed. Thread-safe.
 */
public final class Deadline {

    /** How long an interrupted row may take to end. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final long NONE = Long.MAX_VALUE;

    /** Null: idle. Guarded by this, as all that follows. */
    private @Nullable Thread thread;

    private long rowStart;
    private long methodEnd = NONE;
    private Duration methodLimit = Duration.ZERO;
    private @Nullable Expired expired;
    private long expiredAt;

    /**
     * A limit that was passed.
     *
     * @param message in a person's words
     * @param isOfRow whether the whole row's time is over
     * @param stack where the slot's thread was
     */
    record Expired(String message, boolean isOfRow, List<StackTraceElement> stack) {}

    /** What the watching thread sees. */
    enum State {
        IN_TIME,
        INTERRUPTED,
        OVERDUE
    }

    synchronized void beginRow() {
        thread = Thread.currentThread();
        rowStart = System.nanoTime();
        methodEnd = NONE;
        expired = null;
    }

    synchronized void beginMethod(Duration limit) {
        methodLimit = limit;
        methodEnd = System.nanoTime() + limit.toNanos();
    }

    /** The method has ended, or the row's time is over before it began; tells which limit was passed, if one was. */
    synchronized Optional<Expired> endMethod() {
        methodEnd = NONE;
        Expired passed = expired;
        if (passed == null) {
            return Optional.empty();
        }
        Thread.interrupted();
        if (!passed.isOfRow()) {
            expired = null;
        }
        return Optional.of(passed);
    }

    /** An interrupt that came too late, or that a column left behind, is not the next row's. */
    synchronized void endRow() {
        thread = null;
        Thread.interrupted();
    }

    /** Interrupts the slot's thread when a limit is passed. */
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

    /** How long the slot has been computing its row, nanoseconds; -1: it is idle. */
    public synchronized long age(long now) {
        return thread == null ? -1 : now - rowStart;
    }

    /** Where the slot's thread is; empty when it is idle. */
    public synchronized StackTraceElement[] stack() {
        return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
    }
}
