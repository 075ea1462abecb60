package org.rowmill.consumer.work;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * The file that tells which row each slot is computing; see {@link HeldRow}. Mapped into memory, so that a store costs nothing and what was stored is there after kill -9. A slot is written by its own
 * thread only.
 */
public final class RowsInSlots {

    private final MappedByteBuffer rows;
    private final int slots;

    private RowsInSlots(MappedByteBuffer rows, int slots) {
        this.rows = rows;
        this.slots = slots;
    }

    public static RowsInSlots open(Path file, int slots) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            RowsInSlots rowsInSlots =
                    new RowsInSlots(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) slots * HeldRow.BYTES), slots);
            for (int slot = 0; slot < slots; slot++) {
                rowsInSlots.release(slot);
            }
            return rowsInSlots;
        }
    }

    void take(int slot, long row, long token) {
        rows.putLong(slot * HeldRow.BYTES + Long.BYTES, token);
        rows.putLong(slot * HeldRow.BYTES, row + 1);
    }

    /** Says that the process ends because this slot's row does not. */
    public void markOverdue(int slot) {
        rows.putLong(slot * HeldRow.BYTES, -rows.getLong(slot * HeldRow.BYTES));
    }

    /** The row that a slot computes; -1: it is idle. */
    public long row(int slot) {
        return Math.abs(rows.getLong(slot * HeldRow.BYTES)) - 1;
    }

    void release(int slot) {
        rows.putLong(slot * HeldRow.BYTES, 0);
    }

    /** How many slots compute a row, give or take what changes meanwhile. */
    public int busy() {
        int busy = 0;
        for (int slot = 0; slot < slots; slot++) {
            busy += rows.getLong(slot * HeldRow.BYTES) == 0 ? 0 : 1;
        }
        return busy;
    }
}
