package org.rowmill.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.journal.JournalReplay;
import org.rowmill.store.parts.ChangedCode;
import org.rowmill.store.parts.DirectorySync;
import org.rowmill.store.parts.Generations;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.StoreOptions;
import org.rowmill.store.parts.StoredColumns;
import org.rowmill.store.recompute.Recomputations;
import org.rowmill.store.recompute.RecomputeFile;

/** Opens tables: for a run, to plan a run, or to read them. */
public final class TableOpening {

    private static final String NO_RUN = "show";

    private TableOpening() {}

    /**
     * Opens a table for a run. Creates the directory if it does not exist.
     *
     * @param directory the directory of the table
     * @param schema the schema of the current class
     * @param options options of the run
     * @return the locked store
     * @throws WrongInput if another run holds the lock, the stored columns do not fit the class, a part cannot be read,
     *     or the directory cannot be written
     */
    public static TableStore open(Path directory, TableSchema schema, StoreOptions options) {
        TableLock lock = lock(directory, options.run());
        try {
            OpenedTable opened = open(directory, schema, options, Optional.of(lock));
            if (opened.state().last() > RecomputeFile.read(directory).last()) {
                RecomputeFile.write(directory, opened.state());
            }
            opened.parts().deleteUnpublished();
            opened.failed().deleteUnpublished();
            publishEmpty(opened);
            return new TableStore(opened);
        } catch (IOException e) {
            lock.release();
            throw unwritable(directory, e);
        } catch (RuntimeException e) {
            lock.release();
            throw e;
        }
    }

    /**
     * Opens a table to plan a run. Takes no lock and writes nothing.
     *
     * @param directory the directory of the table; it may be missing
     * @param schema the schema of the current class
     * @param options options of the run
     * @return the store, for reading only
     * @throws WrongInput if the stored columns do not fit the class, or a part cannot be read
     */
    public static TableStore openToPlan(Path directory, TableSchema schema, StoreOptions options) {
        try {
            return new TableStore(open(directory, schema, options, Optional.empty()));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Lets readers find the columns of a table without rows. Without the part, they report a missing file. If the disk
     * is full, the first rows make the part.
     */
    private static void publishEmpty(OpenedTable table) {
        PartDirectory parts = table.parts();
        if (!parts.visible().isEmpty() || !parts.damaged().isEmpty()) {
            return;
        }
        StoredColumns columns = table.columns();
        PartFooter footer = PartFooter.of(columns.schema(), columns.options(), columns.current(new BitSet()));
        if (parts.empty().stream().noneMatch(part -> part.footer().schema().equals(footer.schema()))) {
            try {
                parts.publishEmpty(footer);
            } catch (IOException e) {
                // The run waits for the disk when it has rows.
            }
        }
    }

    private static OpenedTable open(Path directory, TableSchema schema, StoreOptions options, Optional<TableLock> lock)
            throws IOException {
        PartDirectory parts = lock.isPresent() ? new PartDirectory(directory) : PartDirectory.hold(directory);
        Path failedDirectory = directory.resolve(FailedTable.DIRECTORY);
        PartDirectory failed =
                lock.isPresent() ? new PartDirectory(failedDirectory) : PartDirectory.hold(failedDirectory);
        List<String> damaged = damaged(parts, failed, options.ignoreBrokenParts());
        JournalReplay.Result replayed = lock.isPresent()
                ? new JournalReplay(directory, parts, failed).replay()
                : JournalReplay.inspect(directory);
        Recomputations state =
                RecomputeFile.read(directory).with(options, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        StoredColumns columns = StoredColumns.of(schema, parts.parts(), options, state);
        List<Part> all = new ArrayList<>(parts.parts());
        all.addAll(failed.parts());
        List<String> faults = columns.faults(directory.toString(), parts.parts(), all);
        Optional<String> changed = columns.changedCode(directory.toString(), parts.parts());
        if (options.changedCode().policy() == ChangedCode.Policy.REFUSE) {
            changed.ifPresent(faults::add);
        }
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
        List<String> warnings = new ArrayList<>(damaged);
        if (lock.isPresent()) {
            fileSystemWarning(directory, lock.get().isOfSystem(), DirectorySync.SYSTEM.isSupported(directory))
                    .ifPresent(warnings::add);
        }
        warnings.addAll(replayed.warnings());
        changed.ifPresent(warnings::add);
        return new OpenedTable(directory, lock, parts, failed, state, columns, warnings, replayed.notes());
    }

    /**
     * Checks whether the directory of a table contains no part.
     *
     * @param directory the directory of the table; it may be missing
     * @throws WrongInput if the directory cannot be listed
     */
    public static boolean isEmpty(Path directory) {
        try {
            return new PartDirectory(directory).isEmpty()
                    && new PartDirectory(directory.resolve(FailedTable.DIRECTORY)).isEmpty();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Opens a table for reading. Takes no lock.
     *
     * @param directory the directory of the table
     * @param ignoreBrokenParts whether to skip parts that cannot be read
     * @return the store; its schema is what the parts contain
     * @throws WrongInput if there is no table, or a part cannot be read
     */
    public static TableStore openReadOnly(Path directory, boolean ignoreBrokenParts) {
        try {
            PartDirectory parts = PartDirectory.hold(directory);
            PartDirectory failed = PartDirectory.hold(directory.resolve(FailedTable.DIRECTORY));
            List<String> damaged = damaged(parts, failed, ignoreBrokenParts);
            List<Part> all = Stream.of(parts.parts(), parts.empty(), failed.parts())
                    .filter(some -> !some.isEmpty())
                    .findFirst()
                    .orElse(List.of());
            if (all.isEmpty()) {
                throw new WrongInput(directory + ": no table is stored here");
            }
            PartFooter newest = all.get(all.size() - 1).footer();
            boolean isEmpty = parts.parts().isEmpty() && !parts.empty().isEmpty();
            TableSchema schema = isEmpty
                    ? newest.schema() // no part has values
                    : new TableSchema(newest.table(), newest.index(), List.of());
            StoreOptions options = new StoreOptions(ignoreBrokenParts, Set.of(), NO_RUN, "");
            StoredColumns columns = StoredColumns.of(schema, parts.parts(), options, Generations.NONE);
            Recomputations state = RecomputeFile.read(directory);
            return new TableStore(
                    new OpenedTable(directory, Optional.empty(), parts, failed, state, columns, damaged, List.of()),
                    HiddenRows.read(directory));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /** Returns a warning that is the same for all tables of one output directory. */
    static Optional<String> fileSystemWarning(Path directory, boolean hasLocks, boolean forcesDirectories) {
        List<String> faults = new ArrayList<>();
        if (!hasLocks) {
            faults.add(
                    "has no file locks: runs on two computers at the same time can damage a table, so start one only");
        }
        if (!forcesDirectories) {
            faults.add("cannot force directories to the disk: after a power failure, the latest rows may be missing");
        }
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of(directory.toAbsolutePath().getParent() + ": the file system "
                        + String.join("; and it ", faults));
    }

    private static TableLock lock(Path directory, String run) {
        try {
            PartDirectory.create(directory.resolve(PartDirectory.PENDING));
            return TableLock.take(directory, run);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static List<String> damaged(PartDirectory parts, PartDirectory failed, boolean ignore) {
        List<String> damaged = new ArrayList<>(parts.damaged());
        damaged.addAll(failed.damaged());
        if (!damaged.isEmpty() && !ignore) {
            throw new WrongInput(damaged);
        }
        return damaged;
    }

    private static WrongInput unreadable(Path directory, IOException e) {
        return new WrongInput(directory + ": cannot be read: " + reason(e));
    }

    private static WrongInput unwritable(Path directory, IOException e) {
        return new WrongInput(directory + ": the table cannot be written here: " + reason(e)
                + ". Free disk space, make the directory writable, or choose another one with --output DIR");
    }

    /** Returns the message of the operating system, without the file name with which most messages begin. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException inFile && inFile.getReason() != null) {
            return inFile.getReason();
        }
        return e.getClass() == IOException.class
                ? String.valueOf(e.getMessage()) // from the disk, for example that it is full
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
