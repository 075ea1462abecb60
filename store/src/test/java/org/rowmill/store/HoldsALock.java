package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Path;

/** Holds the lock of a table until it is killed or its standard input ends. */
final class HoldsALock {

    private HoldsALock() {}

    public static void main(String[] arguments) throws IOException {
        try (TableStore store = TableOpening.open(Path.of(arguments[0]), Stores.longs("a"), Stores.options("other"))) {
            System.out.println(store.warnings().isEmpty() ? "locked" : "warnings");
            System.in.read();
        }
    }
}
