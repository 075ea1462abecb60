package org.rowmill.schemas.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A row that a consumer had in a slot when the consumer ended. The consumer keeps these rows in a file, so that they
 * are known even after {@code kill -9}. The file has {@value #BYTES} bytes for each slot. The first 8 bytes are 0 for a
 * free slot and the number of the row plus one for a busy slot. They are negative if the row ignored its interrupt. The
 * token of the row and the number of the attempt follow, with 8 bytes each.
 *
 * @param number number of the row
 * @param token shows that the consumer received the row
 * @param attempt number of the attempt, from its message
 * @param isOverdue whether the consumer ended because this row ignored its interrupt
 */
public record HeldRow(long number, long token, long attempt, boolean isOverdue) {

    /** Number of bytes for each slot. */
    public static final int BYTES = 3 * Long.BYTES;

    /**
     * Reads the file of a consumer.
     *
     * @param slots content of the file
     * @return the rows of the busy slots
     */
    public static List<HeldRow> read(byte[] slots) {
        ByteBuffer all = ByteBuffer.wrap(slots);
        List<HeldRow> rows = new ArrayList<>();
        while (all.remaining() >= BYTES) {
            long row = all.getLong();
            long token = all.getLong();
            long attempt = all.getLong();
            if (row != 0) {
                rows.add(new HeldRow(Math.abs(row) - 1, token, attempt, row < 0));
            }
        }
        return rows;
    }
}
