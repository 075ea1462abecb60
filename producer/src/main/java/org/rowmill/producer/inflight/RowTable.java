package org.rowmill.producer.inflight;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.plan.PlannedRow;

/** The rows of one table that are in flight, and the numbers of those that have ended. {@link InFlightRows} guards it. */
final class RowTable {

    private final int maxRows;
    private final long maxBytes;
    private final Map<Long, RowState> rows = new HashMap<>();
    private long bytes;
    private long done;
    private long failed;
    private long duplicates;
    private boolean isClosed;

    RowTable(int maxRows, long maxBytes) {
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
    }

    boolean tryAdd(long number, PlannedRow row, int size) {
        if (rows.size() >= maxRows || (!rows.isEmpty() && bytes + size > maxBytes)) {
            return false;
        }
        rows.put(number, new RowState(number, row, size));
        bytes += size;
        return true;
    }

    @Nullable
    RowState find(long number) {
        return rows.get(number);
    }

    /** Whether the row has not ended. */
    boolean contains(RowState row) {
        return rows.get(row.number()) == row;
    }

    Collection<RowState> all() {
        return List.copyOf(rows.values());
    }

    void end(RowState row, boolean isDone) {
        remove(row);
        done += isDone ? 1 : 0;
        failed += isDone ? 0 : 1;
    }

    /** Removes a row that is neither done nor failed. */
    void remove(RowState row) {
        rows.remove(row.number());
        bytes -= row.bytes();
    }

    void countDuplicate() {
        duplicates++;
    }

    void close() {
        isClosed = true;
    }

    boolean isFinished() {
        return isClosed && rows.isEmpty();
    }

    RowCounts counts() {
        return new RowCounts(done, failed, duplicates, rows.size());
    }
}
