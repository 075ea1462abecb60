package org.rowmill.store;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.compaction.Compaction;
import org.rowmill.store.compaction.MergedRow;
import org.rowmill.store.compaction.MergedRows;
import org.rowmill.store.compaction.Overlap;
import org.rowmill.store.failed.FailedReader;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartColumns;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.StoreOptions;
import org.rowmill.store.parts.StoredColumns;

/** One table's directory: its parts, its failed rows, its lock. One thread at a time. */
public final class TableStore implements AutoCloseable {

    private final Path directory;
    private final @Nullable TableLock lock;
    private final PartDirectory parts;
    private final PartDirectory failed;
    private final StoredColumns columns;
    private final KeyScan keys;
    private final long failedOpened;
    private final List<String> warnings;
    private final List<String> notes;
    private @Nullable Overlap overlap;
    private long overlapOf;
    private boolean rowsTwice;

    /**
     * What a store is made of, as {@link TableOpening} found it.
     *
     * @param directory the table's directory
     * @param lock held until the store is closed; null: it is open for reading only
     * @param parts its parts
     * @param failed its failed rows
     * @param columns what they store
     * @param warnings what a person should know, though the run goes on
     * @param notes what is of interest to somebody who looks closely
     */
    record Opened(
            Path directory,
            @Nullable TableLock lock,
            PartDirectory parts,
            PartDirectory failed,
            StoredColumns columns,
            List<String> warnings,
            List<String> notes) {}

    TableStore(Opened opened) {
        this.directory = opened.directory();
        this.lock = opened.lock();
        this.parts = opened.parts();
        this.failed = opened.failed();
        this.columns = opened.columns();
        this.keys = new KeyScan(columns.schema());
        this.failedOpened = failed.lastSequence();
        this.warnings = new ArrayList<>(opened.warnings());
        this.notes = List.copyOf(opened.notes());
    }

    /**
     * What the table stores.
     *
     * @return the current class's columns first, then those that only older parts have
     */
    public TableSchema schema() {
        return columns.schema();
    }

    /**
     * What a person should know, though the run goes on.
     *
     * @return one line each
     */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * What is of interest to somebody who looks closely.
     *
     * @return one line each
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Reads the indices of all rows.
     *
     * @return the rows and their columns
     * @throws WrongInput when a part cannot be read and is not to be ignored
     */
    public StoredKeys readKeys() {
        while (true) {
            try {
                return readKeysOnce();
            } catch (DamagedPart e) {
                disregard(e);
            }
        }
    }

    private StoredKeys readKeysOnce() throws DamagedPart {
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
    private void disregard(DamagedPart e) {
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
    public List<PartInfo> parts() {
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
    public Stream<StoredRow> rows(Set<String> names, boolean all) {
        BitSet wanted = new BitSet();
        for (int i = 0; i < schema().columns().size(); i++) {
            wanted.set(i, all || names.contains(schema().columns().get(i).name()));
        }
        List<PartColumns> reading = parts.parts().stream()
                .map(part -> columns.reading(part, wanted))
                .toList();
        try {
            MergedRows rows = new MergedRows(reading, schema(), overlap(), keys, spillDirectory());
            return CloseableStreams.stream(rows::next, rows).map(TableStore::storedRow);
        } catch (IOException e) {
            throw CloseableStreams.failure(e);
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
            } catch (DamagedPart e) {
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
    public long rowCount() {
        return overlap().rows();
    }

    /**
     * The rows that failed, newest first, each index once.
     *
     * @return to be closed
     */
    public Stream<FailedRow> failedRows() {
        FailedReader rows = new FailedReader(failed.parts(), FailedTable.schema(schema()), keys, (part, key) -> true);
        return CloseableStreams.stream(rows::next, rows);
    }

    /**
     * A writer for this run.
     *
     * @return to be closed before the store
     */
    public PartWriter writer() {
        if (lock == null) {
            throw new IllegalStateException(directory + " is open for reading only");
        }
        return new PartWriter(schema(), columns.columns(), columns.options(), keys, parts, failed);
    }

    /**
     * Where this run keeps dear results until they are published.
     *
     * @return to be closed before the store
     */
    public RowJournal journal() {
        StoreOptions options = columns.options();
        List<PartFooter.StoredColumn> all = schema().columns().subList(0, columns.columns()).stream()
                .map(field -> new PartFooter.StoredColumn(field, true))
                .toList();
        PartFooter footer = new PartFooter(schema().table(), options.run(), options.codeHash(), schema().index(), all);
        return new RowJournal(directory, footer, parts);
    }

    /**
     * Tidies up at the end of a run: each row stands in one part only, small parts are joined, failures that are no more
     * are dropped. Where it fails the table is as right as before.
     *
     * @param resolved failed rows that are done, or failed anew, in this run
     * @throws IOException when the disk is full, for one
     */
    public void settle(Predicate<IndexKey> resolved) throws IOException {
        if (lock == null) {
            throw new IllegalStateException(directory + " is open for reading only");
        }
        Compaction settlement = new Compaction(columns, keys, directory);
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
            TableOpening.close(lock);
        }
    }
}
