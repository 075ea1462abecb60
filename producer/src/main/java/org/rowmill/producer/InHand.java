package org.rowmill.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rowmill.schemas.HeldRow;

/** The file in which a consumer keeps the rows it is computing; see {@link HeldRow}. */
final class InHand {

    private InHand() {}

    /** An empty file for a consumer about to start. */
    static void prepare(Path file, int slots) throws IOException {
        Files.write(file, new byte[Math.multiplyExact(slots, HeldRow.BYTES)]);
    }

    /** The rows that a consumer, dead by now, had in hand. */
    static List<HeldRow> read(Path file) throws IOException {
        return HeldRow.read(Files.readAllBytes(file));
    }
}
