package org.rowmill.producer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file in which a consumer keeps the rows it is computing: 8 bytes a slot, the row's number plus one, or 0. */
final class InHand {

    private InHand() {}

    /** An empty file for a consumer about to start. */
    static void prepare(Path file, int slots) throws IOException {
        Files.write(file, new byte[Math.multiplyExact(slots, Long.BYTES)]);
    }

    /** The rows that a consumer, dead by now, had in hand. */
    static List<Long> read(Path file) throws IOException {
        ByteBuffer slots = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Long> rows = new ArrayList<>();
        while (slots.remaining() >= Long.BYTES) {
            long row = slots.getLong();
            if (row > 0) {
                rows.add(row - 1);
            }
        }
        return rows;
    }
}
