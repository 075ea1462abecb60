package org.rowmill.producer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.TableSchema;
import org.rowmill.schemas.WrongInput;

/** One table's directory: its parts, its failed rows, its lock. One thread at a time. */
final class TableStore implements AutoCloseable {

    private static final String NO_RUN = "show";

    private final Path directory;
    private final @Nullable TableLock lock;
    private final PartDirectory parts;
    private final PartDirectory failed;
    private final StoredColumns columns;
    private final KeyScan keys;
    private final long failedOpened;
    private final List<String> warnings = new ArrayList<>();
    private @Nullable Overlap overlap;
    private long overlapOf;
    private boolean rowsTwice;

    private TableStore(
            Path directory,
            @Nullable TableLock lock,
            PartDirectory parts,
            PartDirectory failed,
            StoredColumns columns) {
        this.directory = directory;
        this.lock = lock;
        this.parts = parts;
        this.failed = failed;
        this.columns = columns;
        this.keys = new KeyScan(columns.schema());
        this.failedOpened = failed.lastSequence();
    }

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
    static TableStore open(Path directory, TableSchema schema, StoreOptions options) {
        TableLock lock = lock(directory, options.run());
        try {
            TableStore store = open(directory, schema, options, lock);
            store.parts.sweep();
            store.failed.sweep();
            return store;
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
    static TableStore openToPlan(Path directory, TableSchema schema, StoreOptions options) {
        try {
            return open(directory, schema, options, null);
        } catch (IOException e) {
            throw new WrongInput(directory + ": cannot be read: " + reason(e));
        }
    }

    private static TableStore open(Path directory, TableSchema schema, StoreOptions options, @Nullable TableLock lock)
            throws IOException {
        PartDirectory parts = new PartDirectory(directory);
        PartDirectory failed = new PartDirectory(directory.resolve(FailedTable.DIRECTORY));
        List<String> broken = broken(parts, failed, options.ignoreBrokenParts());
        StoredColumns columns = StoredColumns.of(schema, parts.parts(), options, parts.lastSequence());
        List<Part> all = new ArrayList<>(parts.parts());
        all.addAll(failed.parts());
        List<String> faults = columns.faults(directory.toString(), parts.parts(), all);
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
        TableStore store = new TableStore(directory, lock, parts, failed, columns);
        store.warnings.addAll(broken);
        store.warnOfChangedCode();
        return store;
    }

    /**
     * Whether anything is stored in a table's directory.
     *
     * @param directory the table's directory
     * @throws WrongInput when it cannot be listed
     */
    static boolean isEmpty(Path directory) {
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
    static TableStore openReadOnly(Path directory, boolean ignoreBrokenParts) {
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
            TableStore store = new TableStore(directory, null, parts, failed, columns);
            store.warnings.addAll(broken);
            return store;
        } catch (IOException e) {
            throw new WrongInput(directory + ": cannot be read: " + reason(e));
        }
    }

    private static TableLock lock(Path directory, String run) {
        try {
            Files.createDirectories(directory);
            return TableLock.take(directory, run);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static WrongInput unwritable(Path directory, IOException e) {
        return new WrongInput(directory + ": the table cannot be written here: " + reason(e)
                + ". Make the directory writable, or choose another by --output DIR");
    }

    /** What the system says, without the file name that most messages begin with. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException inFile && inFile.getReason() != null) {
            return inFile.getReason();
        }
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private static List<String> broken(PartDirectory parts, PartDirectory failed, boolean ignore) {
        List<String> broken = new ArrayList<>(parts.broken());
        broken.addAll(failed.broken());
        if (!broken.isEmpty() && !ignore) {
            throw new WrongInput(broken);
        }
        return broken;
    }

    private void warnOfChangedCode() {
        List<String> changed = columns.changedCode(parts.parts());
        if (!changed.isEmpty()) {
            String names = String.join(", ", changed);
            warnings.add("Table " + schema().table() + ": the code of " + names
                    + " has changed since stored values were computed; they are kept. To compute them again: --recompute "
                    + String.join(" --recompute ", changed) + ", or raise the column's version");
        }
    }

    /**
     * What the table stores.
     *
     * @return the current class's columns first, then those that only older parts have
     */
    TableSchema schema() {
        return columns.schema();
    }

    /**
     * What a person should know, though the run goes on.
     *
     * @return one line each
     */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Reads the indices of all rows.
     *
     * @return the rows and their columns
     * @throws WrongInput when a part cannot be read and is not to be ignored
     */
    StoredKeys readKeys() {
        while (true) {
            try {
                return readKeysOnce();
            } catch (BrokenPart e) {
                disregard(e);
            }
        }
    }

    private StoredKeys readKeysOnce() throws BrokenPart {
        List<Part> all = parts.parts();
        StoredKeys stored = new StoredKeys(all.stream().mapToLong(Part::rows).sum());
        boolean twice = false;
        for (Part part : all) {
            BitSet counting = columns.counting(part);
            counting.clear(columns.columns(), columns.schema().columns().size());
            int set = stored.number(counting);
            boolean[] repeated = {false};
            keys.visit(part, key -> repeated[0] |= !stored.add(key, set));
            twice |= repeated[0];
        }
        for (Part part : failed.parts()) {
            keys.visit(part, stored::markFailed);
        }
        rowsTwice |= twice;
        return stored;
    }

    /** Goes on without a part whose footer was good and whose rows are not. */
    private void disregard(BrokenPart e) {
        if (!columns.options().ignoreBrokenParts()) {
            throw new WrongInput(e.getMessage());
        }
        warnings.add(e.getMessage());
        parts.disregard(e.part());
        failed.disregard(e.part());
    }

    /**
     * The table's files.
     *
     * @return oldest first
     */
    List<PartInfo> parts() {
        return parts.parts().stream().map(TableStore::info).toList();
    }

    private static PartInfo info(Part part) {
        try {
            Instant time = Files.getLastModifiedTime(part.file()).toInstant();
            return new PartInfo(
                    part.file(),
                    part.rows(),
                    part.bytes(),
                    part.footer().columns().stream()
                            .filter(PartFooter.StoredColumn::present)
                            .map(column -> column.field().name())
                            .toList(),
                    part.footer().run(),
                    time);
        } catch (IOException e) {
            throw new UncheckedIOException(part.file() + ": cannot be read", e);
        }
    }

    /**
     * The rows, each index once, newest values. Holds few of them in memory, however many there are.
     *
     * @param names names of the columns to read; empty: the index only
     * @param all read every column
     * @return to be closed
     * @throws WrongInput when a part cannot be read
     */
    Stream<StoredRow> rows(Set<String> names, boolean all) {
        BitSet wanted = new BitSet();
        for (int i = 0; i < schema().columns().size(); i++) {
            wanted.set(i, all || names.contains(schema().columns().get(i).name()));
        }
        List<PartColumns> reading = parts.parts().stream()
                .map(part -> columns.reading(part, wanted))
                .toList();
        try {
            MergedRows rows = new MergedRows(reading, schema(), overlap(), keys, spillDirectory());
            return Pulled.stream(rows::next, rows).map(TableStore::storedRow);
        } catch (IOException e) {
            throw Pulled.failure(e);
        }
    }

    private static StoredRow storedRow(MergedRow row) {
        BitSet present = new BitSet();
        for (int i = 0; i < row.sources().length; i++) {
            present.set(i, row.sources()[i] >= 0);
        }
        return new StoredRow(row.index(), row.key(), present, row.values());
    }

    private Path spillDirectory() {
        return lock == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    }

    /** Found anew when parts have come or gone. */
    private Overlap overlap() {
        Overlap found = overlap;
        while (found == null || overlapOf != parts.changes()) {
            try {
                found = Overlap.find(parts.parts(), keys);
                overlap = found;
                overlapOf = parts.changes();
            } catch (BrokenPart e) {
                disregard(e);
            }
        }
        return found;
    }

    /**
     * How many rows there are.
     *
     * @return each index counted once
     */
    long rowCount() {
        return overlap().rows();
    }

    /**
     * The rows that failed, newest first, each index once.
     *
     * @return to be closed
     */
    Stream<FailedRow> failedRows() {
        FailedReader rows = new FailedReader(failed.parts(), FailedTable.schema(schema()), keys, (part, key) -> true);
        return Pulled.stream(rows::next, rows);
    }

    /**
     * A writer for this run.
     *
     * @return to be closed before the store
     */
    PartWriter writer() {
        if (lock == null) {
            throw new IllegalStateException(directory + " is open for reading only");
        }
        return new PartWriter(schema(), columns.columns(), columns.options(), keys, parts, failed);
    }

    /**
     * Tidies up at the end of a run: each row stands in one part only, small parts are joined, failures that are no more
     * are dropped. Where it fails the table is as right as before.
     *
     * @param resolved failed rows that are done, or failed anew, in this run
     * @throws IOException when the disk is full, for one
     */
    void settle(Predicate<IndexKey> resolved) throws IOException {
        if (lock == null) {
            throw new IllegalStateException(directory + " is open for reading only");
        }
        Settlement settlement = new Settlement(columns, keys, directory);
        if (rowsTwice || parts.lastSequence() > columns.opened()) {
            settlement.settle(parts, overlap());
            rowsTwice = false;
        }
        settlement.settleFailed(failed, failedOpened, resolved);
    }

    /** Releases the lock. */
    @Override
    public void close() {
        if (lock != null) {
            close(lock);
        }
    }

    private static void close(TableLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("releasing a table's lock", e);
        }
    }
}
