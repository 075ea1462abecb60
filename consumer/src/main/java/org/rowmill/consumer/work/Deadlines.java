package org.rowmill.consumer.work;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** The time limits of all slots. Thread-safe. */
public final class Deadlines {

    private static final long CHECK_MILLIS = 50;

    private final List<Deadline> slots;
    private final LongSupplier nanoTime;
    private volatile Duration rowLimit = Duration.ZERO;

    /**
     * Makes deadlines without a limit for rows.
     *
     * @param slots number of slots
     * @param nanoTime the clock, such as {@code System::nanoTime}
     */
    public Deadlines(int slots, LongSupplier nanoTime) {
        this.slots = IntStream.range(0, slots)
                .mapToObj(slot -> new Deadline(nanoTime))
                .toList();
        this.nanoTime = nanoTime;
    }

    /** Returns the deadline of a slot. */
    public Deadline of(int slot) {
        return slots.get(slot);
    }

    /** Finds the slot that has computed its row for the longest time. Empty if all slots are idle. */
    public OptionalInt oldest(long now) {
        OptionalInt oldest = OptionalInt.empty();
        long oldestAge = -1;
        for (int slot = 0; slot < slots.size(); slot++) {
            OptionalLong age = slots.get(slot).age(now);
            if (age.isPresent() && age.getAsLong() > oldestAge) {
                oldest = OptionalInt.of(slot);
                oldestAge = age.getAsLong();
            }
        }
        return oldest;
    }

    /** Sets the time limit of rows, also of those in progress. Zero means no limit. */
    public void limitRows(Duration limit) {
        rowLimit = limit;
    }

    /**
     * Checks the limits until a row is overdue. Runs in its own thread.
     *
     * @param overdue receives the slot whose row did not end after it was interrupted
     */
    public void watch(IntConsumer overdue) {
        try {
            OptionalInt slot = OptionalInt.empty();
            while (slot.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(CHECK_MILLIS);
                slot = check(nanoTime.getAsLong());
            }
            overdue.accept(slot.getAsInt());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Interrupts rows that exceed a limit. Returns a slot whose row is overdue, if there is one. */
    OptionalInt check(long now) {
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot).check(now, rowLimit) == Deadline.State.OVERDUE) {
                return OptionalInt.of(slot);
            }
        }
        return OptionalInt.empty();
    }
}
