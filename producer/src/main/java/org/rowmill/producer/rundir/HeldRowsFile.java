package org.rowmill.producer.rundir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;

/** The file in which a consumer keeps the rows that it is computing. {@link HeldRow} describes the format. */
public final class HeldRowsFile {

    private HeldRowsFile() {}

    /**
     * Empties the file for a consumer that is about to start. It overwrites the file of the previous consumer, which works
     * on a full disk.
     */
    public static void prepare(Path file, int slots) throws IOException {
        byte[] empty = new byte[Math.multiplyExact(slots, HeldRow.BYTES)];
        Files.write(file, empty, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Returns the rows that a consumer was computing when it ended. */
    public static List<HeldRow> read(Path file) throws IOException {
        return HeldRow.read(Files.readAllBytes(file));
    }
}
