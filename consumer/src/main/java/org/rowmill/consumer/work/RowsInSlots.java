package org.rowmill.consumer.work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * The file that contains the row of each slot; see {@link HeldRow}. What is written survives {@code kill -9}. Each slot
 * is written by its own thread only.
 */
public final class RowsInSlots {

    private final SlotFile rows;
    private final int slots;

    RowsInSlots(SlotFile rows, int slots) {
        this.rows = rows;
        this.slots = slots;
    }

    /**
     * Opens the file and marks all slots as idle.
     *
     * @param file the file; it is created if it does not exist
     * @param slots number of slots
     */
    public static RowsInSlots open(Path file, int slots) throws IOException {
        RowsInSlots rows = new RowsInSlots(SlotFile.open(file, slots * HeldRow.BYTES), slots);
        for (int slot = 0; slot < slots; slot++) {
            rows.release(slot);
        }
        return rows;
    }

    /** Writes the row that a slot begins to compute. */
    void take(int slot, long row, long token, int attempt) {
        rows.put(slot * HeldRow.BYTES + Long.BYTES, token);
        rows.put(slot * HeldRow.BYTES + 2 * Long.BYTES, attempt);
        rows.put(slot * HeldRow.BYTES, row + 1);
    }

    /** Marks the row of a slot as the reason why the process ends: it exceeded its time limit and does not end. */
    public void markOverdue(int slot) {
        rows.put(slot * HeldRow.BYTES, -rows.get(slot * HeldRow.BYTES));
    }

    /** Returns the number of the row that a slot computes; -1 if it is idle. */
    public long row(int slot) {
        return Math.abs(rows.get(slot * HeldRow.BYTES)) - 1;
    }

    /** Marks a slot as idle. */
    void release(int slot) {
        rows.put(slot * HeldRow.BYTES, 0);
    }

    /** Returns the numbers of the rows in the busy slots. Slots may change in the meantime. */
    public List<Long> rows() {
        List<Long> all = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            long row = row(slot);
            if (row >= 0) {
                all.add(row);
            }
        }
        return all;
    }

    /** Counts the busy slots. Slots may change while they are counted. */
    public int busy() {
        int busy = 0;
        for (int slot = 0; slot < slots; slot++) {
            busy += rows.get(slot * HeldRow.BYTES) == 0 ? 0 : 1;
        }
        return busy;
    }
}
