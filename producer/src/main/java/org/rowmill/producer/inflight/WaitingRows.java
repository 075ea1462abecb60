package org.rowmill.producer.inflight;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The rows that wait to be published again, in the order in which they are due. An entry whose row is out, or is due at
 * another time, is out of date and skipped.
 */
final class WaitingRows {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();

    private record Entry(RowState row, long due) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return Long.signum(due - other.due); // right even if the clock overflows
        }

        boolean isCurrent() {
            return !row.isOut() && row.due() == due;
        }
    }

    void add(RowState row) {
        entries.add(new Entry(row, row.due()));
    }

    /** Whether {@link #poll} may return a row. */
    boolean isDue(long now) {
        Entry first = entries.peek();
        return first != null && first.due() - now <= 0;
    }

    /** Removes and returns the next row that is due; null if there is none. */
    @Nullable
    RowState poll(long now) {
        while (isDue(now)) {
            Entry next = entries.remove();
            if (next.isCurrent()) {
                return next.row();
            }
        }
        return null;
    }

    void clear() {
        entries.clear();
    }
}
