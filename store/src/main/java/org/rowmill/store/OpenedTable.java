package org.rowmill.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.StoredColumns;
import org.rowmill.store.recompute.Recomputations;

/**
 * What {@link TableOpening} finds in the directory of a table.
 *
 * @param directory the directory of the table
 * @param lock the lock, held until the store is closed; empty if the table is open for reading only
 * @param parts parts with rows
 * @param failed parts with failed rows
 * @param state which columns are being computed again
 * @param columns columns of the class and columns of the parts
 * @param warnings lines that the user should read, although the run continues
 * @param notes lines for users who want details
 */
record OpenedTable(
        Path directory,
        Optional<TableLock> lock,
        PartDirectory parts,
        PartDirectory failed,
        Recomputations state,
        StoredColumns columns,
        List<String> warnings,
        List<String> notes) {
    OpenedTable {
        warnings = List.copyOf(warnings);
        notes = List.copyOf(notes);
    }

    /** Returns the directory of temporary files. Whoever has not locked the table must not write there. */
    Path temporary() {
        return lock.isPresent()
                ? directory.resolve(PartDirectory.PENDING)
                : Path.of(System.getProperty("java.io.tmpdir"));
    }
}
