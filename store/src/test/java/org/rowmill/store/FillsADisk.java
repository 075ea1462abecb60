package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.rowmill.store.journal.PartWriter;

/** Publishes to a disk of 2 MB, most of which another file occupies until it is deleted. */
final class FillsADisk {

    private static final int ROWS = 40_000;

    private FillsADisk() {}

    public static void main(String[] arguments) throws IOException {
        Path disk = Path.of(arguments[0]);
        Path other = Files.write(disk.resolve("other"), new byte[(2 << 20) - (100 << 10)]);
        Path table = disk.resolve("table");
        SplittableRandom random = new SplittableRandom(1);
        try (TableStore store = TableOpening.open(table, Stores.longs("a"), Stores.PLAIN);
                PartWriter writer = store.writer()) {
            for (long i = 0; i < ROWS; i++) {
                Stores.addNew(writer, i, Stores.values(random.nextLong()));
            }
            writer.addFailed(Stores.failure(ROWS, "no"), true);
            System.out.print(publishes(writer) ? "not full" : "full");
            if (!Stores.files(table.resolve("_pending"), "").isEmpty()
                    || Stores.files(table, ".parquet").size() != 1 // the part without rows
                    || writer.rows() != ROWS + 1) {
                System.out.print(", and files were left or rows were lost");
            }
            Files.delete(other);
            writer.publish();
            System.out.println(", then " + Stores.all(store).size() + " rows");
        }
    }

    private static boolean publishes(PartWriter writer) {
        try {
            writer.publish();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
