package org.rowmill.schemas.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A row that a consumer had in hand when it ended, as it stands in the consumer's file: {@value #BYTES} bytes a slot, of which
 * the first 8 are 0 when it is idle, the row's number plus one while it computes a row, the same negative for a row that did
 * not end when its time was over; the others are the row's ticket.
 *
 * @param number the row's number
 * @param token shows that the consumer was given that row
 * @param isOverdue whether the consumer ended for this row's sake
 */
public record HeldRow(long number, long token, boolean isOverdue) {

    /** What a slot takes in the file. */
    public static final int BYTES = 2 * Long.BYTES;

    /**
     * Reads a consumer's file.
     *
     * @param slots its bytes
     * @return the rows in hand
     */
    public static List<HeldRow> read(byte[] slots) {
        ByteBuffer all = ByteBuffer.wrap(slots);
        List<HeldRow> rows = new ArrayList<>();
        while (all.remaining() >= BYTES) {
            long row = all.getLong();
            long token = all.getLong();
            if (row != 0) {
                rows.add(new HeldRow(Math.abs(row) - 1, token, row < 0));
            }
        }
        return rows;
    }
}
