package org.rowmill.consumer.work;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Watches the time limits of all slots, on a thread of its own. Thread-safe. */
public final class Deadlines {

    private static final long LOOK_MILLIS = 50;

    private final List<Deadline> slots;
    private final IntConsumer overdue;
    private volatile Duration rowLimit = Duration.ZERO;

    /**
     * No row has a limit yet.
     *
     * @param slots how many there are
     * @param overdue is told, once, the slot whose row does not end though it was interrupted
     */
    public Deadlines(int slots, IntConsumer overdue) {
        this.slots = IntStream.range(0, slots).mapToObj(slot -> new Deadline()).toList();
        this.overdue = overdue;
    }

    public Deadline of(int slot) {
        return slots.get(slot);
    }

    /** The slot that has been computing its row for longest; -1: all are idle. */
    public int oldest(long now) {
        int oldest = -1;
        long age = -1;
        for (int slot = 0; slot < slots.size(); slot++) {
            long of = slots.get(slot).age(now);
            if (of > age) {
                oldest = slot;
                age = of;
            }
        }
        return oldest;
    }

    /** How long a row may take, those being computed included; zero: for ever. */
    public void limitRows(Duration limit) {
        rowLimit = limit;
    }

    /** Watches until a row is overdue. */
    public void watch() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                long now = System.nanoTime();
                for (int slot = 0; slot < slots.size(); slot++) {
                    if (slots.get(slot).check(now, rowLimit) == Deadline.State.OVERDUE) {
                        overdue.accept(slot);
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
