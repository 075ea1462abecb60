package org.rowmill.producer.rundir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;

/** The file in which a consumer keeps the rows it is computing; see {@link HeldRow}. */
public final class InHand {

    private InHand() {}

    /** An empty file for a consumer about to start; that of the one before is written over, for which a full disk has room. */
    public static void prepare(Path file, int slots) throws IOException {
        byte[] empty = new byte[Math.multiplyExact(slots, HeldRow.BYTES)];
        Files.write(file, empty, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** The rows that a consumer, dead by now, had in hand. */
    public static List<HeldRow> read(Path file) throws IOException {
        return HeldRow.read(Files.readAllBytes(file));
    }
}
