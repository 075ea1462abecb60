package org.rowmill.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.journal.JournalReplay;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.StoreOptions;
import org.rowmill.store.parts.StoredColumns;

/** Opens tables: for a run, to see what it would compute, or to look at them. */
public final class TableOpening {

    private static final String NO_RUN = "show";

    private TableOpening() {}

    /**
     * Opens a table for a run; makes the directory where there is none.
     *
     * @param directory the table's directory
     * @param schema what the class stores now
     * @param options of the run
     * @return the store, locked
     * @throws WrongInput when another run has it, the stored columns do not fit, a part cannot be read, or the directory
     *     cannot be written
     */
    public static TableStore open(Path directory, TableSchema schema, StoreOptions options) {
        TableLock lock = lock(directory, options.run());
        try {
            TableStore.Opened opened = open(directory, schema, options, lock);
            opened.parts().sweep();
            opened.failed().sweep();
            return new TableStore(opened);
        } catch (IOException e) {
            close(lock);
            throw unwritable(directory, e);
        } catch (RuntimeException e) {
            close(lock);
            throw e;
        }
    }

    /**
     * Opens a table to see what a run would compute; takes no lock, makes and changes nothing.
     *
     * @param directory the table's directory; need not exist
     * @param schema what the class stores now
     * @param options of the run
     * @return the store
     * @throws WrongInput when the stored columns do not fit, or a part cannot be read
     */
    public static TableStore openToPlan(Path directory, TableSchema schema, StoreOptions options) {
        try {
            return new TableStore(open(directory, schema, options, null));
        } catch (IOException e) {
            throw new WrongInput(directory + ": cannot be read: " + reason(e));
        }
    }

    private static TableStore.Opened open(
            Path directory, TableSchema schema, StoreOptions options, @Nullable TableLock lock) throws IOException {
        PartDirectory parts = new PartDirectory(directory);
        PartDirectory failed = new PartDirectory(directory.resolve(FailedTable.DIRECTORY));
        List<String> broken = broken(parts, failed, options.ignoreBrokenParts());
        JournalReplay.Found journals =
                lock == null ? JournalReplay.look(directory) : new JournalReplay(directory, parts, failed).replay();
        StoredColumns columns = StoredColumns.of(schema, parts.parts(), options, parts.lastSequence());
        List<Part> all = new ArrayList<>(parts.parts());
        all.addAll(failed.parts());
        List<String> faults = columns.faults(directory.toString(), parts.parts(), all);
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
        List<String> warnings = new ArrayList<>(broken);
        warnings.addAll(journals.warnings());
        columns.codeWarning(parts.parts()).ifPresent(warnings::add);
        return new TableStore.Opened(directory, lock, parts, failed, columns, warnings, journals.notes());
    }

    /**
     * Whether anything is stored in a table's directory.
     *
     * @param directory the table's directory
     * @throws WrongInput when it cannot be listed
     */
    public static boolean isEmpty(Path directory) {
        try {
            return isEmpty(new PartDirectory(directory))
                    && isEmpty(new PartDirectory(directory.resolve(FailedTable.DIRECTORY)));
        } catch (IOException e) {
            throw new WrongInput(directory + ": cannot be read: " + reason(e));
        }
    }

    private static boolean isEmpty(PartDirectory parts) {
        return parts.parts().isEmpty() && parts.broken().isEmpty();
    }

    /**
     * Opens a table to look at it; takes no lock.
     *
     * @param directory the table's directory
     * @param ignoreBrokenParts go on without the parts that cannot be read
     * @return the store; its schema is what is stored
     * @throws WrongInput when there is no table, or a part cannot be read
     */
    public static TableStore openReadOnly(Path directory, boolean ignoreBrokenParts) {
        try {
            PartDirectory parts = new PartDirectory(directory);
            PartDirectory failed = new PartDirectory(directory.resolve(FailedTable.DIRECTORY));
            List<String> broken = broken(parts, failed, ignoreBrokenParts);
            List<Part> newest = parts.parts().isEmpty() ? failed.parts() : parts.parts();
            if (newest.isEmpty()) {
                throw new WrongInput(directory + ": no table is stored here");
            }
            PartFooter footer = newest.get(newest.size() - 1).footer();
            TableSchema schema = new TableSchema(footer.table(), footer.index(), List.of());
            StoreOptions options = new StoreOptions(ignoreBrokenParts, Set.of(), NO_RUN, "");
            StoredColumns columns = StoredColumns.of(schema, parts.parts(), options, parts.lastSequence());
            return new TableStore(new TableStore.Opened(directory, null, parts, failed, columns, broken, List.of()));
        } catch (IOException e) {
            throw new WrongInput(directory + ": cannot be read: " + reason(e));
        }
    }

    private static TableLock lock(Path directory, String run) {
        try {
            PartDirectory.make(directory);
            return TableLock.take(directory, run);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static WrongInput unwritable(Path directory, IOException e) {
        return new WrongInput(directory + ": the table cannot be written here: " + reason(e)
                + ". Make room, or make it writable, or choose another directory by --output DIR");
    }

    /** What the system says, without the file name that most messages begin with. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException inFile && inFile.getReason() != null) {
            return inFile.getReason();
        }
        return e.getClass() == IOException.class
                ? String.valueOf(e.getMessage()) // of the disk: no room, no quota
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static List<String> broken(PartDirectory parts, PartDirectory failed, boolean ignore) {
        List<String> broken = new ArrayList<>(parts.broken());
        broken.addAll(failed.broken());
        if (!broken.isEmpty() && !ignore) {
            throw new WrongInput(broken);
        }
        return broken;
    }

    /** Releases a table's lock. */
    static void close(TableLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("releasing a table's lock", e);
        }
    }
}
