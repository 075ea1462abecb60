package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rowmill.schemas.WrongInput;

/** Opens a table on a read-only file system. Permissions are not enough, because root ignores them. */
final class WritesReadOnly {

    private WritesReadOnly() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path disk = Path.of(arguments[0]);
        Path table = Files.createDirectories(disk.resolve("table"));
        int remounted = new ProcessBuilder("mount", "-o", "remount,ro", disk.toString())
                .inheritIO()
                .start()
                .waitFor();
        try (TableStore store = TableOpening.open(table, Stores.longs("a"), Stores.PLAIN)) {
            System.out.println("open, remount " + remounted + ", " + store.warnings());
        } catch (WrongInput e) {
            System.out.println(e.getMessage());
        }
    }
}
