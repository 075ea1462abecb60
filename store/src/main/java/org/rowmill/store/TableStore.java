package org.rowmill.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.compaction.Compaction;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.StoredColumns;

/** An open table: its parts, its failed rows and its lock. Used by one thread at a time. */
public final class TableStore implements AutoCloseable {

    private final OpenedTable table;
    private final StoredColumns columns;
    private final KeyScan keys;
    private final TableReader reader;
    private final Set<IndexKey> hidden;
    private final long lastFailedAtOpening;

    TableStore(OpenedTable table) {
        this(table, Set.of());
    }

    TableStore(OpenedTable table, Set<IndexKey> hidden) {
        this.hidden = Set.copyOf(hidden);
        this.table = table;
        this.columns = table.columns();
        this.keys = new KeyScan(columns.schema());
        this.reader = new TableReader(table, keys);
        this.lastFailedAtOpening = table.failed().lastSequence();
    }

    /**
     * Returns the schema of the table.
     *
     * @return the columns of the current class, followed by those that only older parts have
     */
    public TableSchema schema() {
        return columns.schema();
    }

    /**
     * Returns the warnings for the user. The run continues in spite of them.
     *
     * @return one line each
     */
    public List<String> warnings() {
        return reader.warnings();
    }

    /**
     * Returns details that are not warnings, for example that a journal was replayed.
     *
     * @return one line each
     */
    public List<String> notes() {
        return table.notes();
    }

    /**
     * Reads the indices of all rows.
     *
     * @return the rows and their columns
     * @throws WrongInput if a part cannot be read and damaged parts are not ignored
     */
    public StoredKeys readKeys() {
        return reader.readKeys();
    }

    /**
     * Lists the parts of the table, without those of failed rows.
     *
     * @return oldest first
     */
    public List<PartInfo> parts() {
        return table.parts().parts().stream().map(TableStore::info).toList();
    }

    private static PartInfo info(Part part) {
        try {
            Instant time = Files.getLastModifiedTime(part.file()).toInstant();
            List<String> names = part.footer().columns().stream()
                    .filter(PartFooter.StoredColumn::present)
                    .map(column -> column.field().name())
                    .toList();
            return new PartInfo(
                    part.file(), part.rows(), part.bytes(), names, part.footer().run(), time);
        } catch (IOException e) {
            throw new UncheckedIOException(part.file() + ": cannot be read", e);
        }
    }

    /**
     * Reads the rows: each index once, with the newest values. Keeps only few rows in memory.
     *
     * @param names names of the columns to read; if empty, only the index is read
     * @param all whether to read every column
     * @return the rows; the caller closes the stream
     * @throws WrongInput if a part cannot be read
     */
    public Stream<StoredRow> rows(Set<String> names, boolean all) {
        Stream<StoredRow> rows = reader.rows(names, all);
        return hidden.isEmpty() ? rows : rows.filter(row -> !hidden.contains(row.key()));
    }

    /** Counts the rows without hidden ones. A row that is in several parts counts once. */
    public long rowCount() {
        return Math.max(0, reader.overlap().rows() - hidden.size());
    }

    /** Counts the rows that {@link #hide} has hidden. None is hidden if the table is open for a run. */
    public long hiddenCount() {
        return hidden.size();
    }

    /**
     * Hides stored rows from stores that are open for reading only, until the next call.
     *
     * @param isHidden selects the rows to hide
     * @throws IOException if the file of hidden rows cannot be written
     */
    public void hide(Predicate<IndexKey> isHidden) throws IOException {
        checkWritable();
        Set<IndexKey> hide = new HashSet<>();
        for (Part part : table.parts().parts()) {
            keys.visit(part, key -> {
                if (isHidden.test(key)) {
                    hide.add(key);
                }
            });
        }
        HiddenRows.write(table.directory(), hide);
    }

    /** Shows all rows that {@link #hide} has hidden. */
    public void showAll() throws IOException {
        checkWritable();
        HiddenRows.write(table.directory(), Set.of());
    }

    /**
     * Removes rows from the table. Call it at the end of a run, before {@link #compact(Predicate)}.
     *
     * @param kept selects the rows that stay
     * @throws IOException if the parts cannot be written
     */
    public void retain(Predicate<IndexKey> kept) throws IOException {
        checkWritable();
        new Compaction(columns, keys, table.directory()).retain(table.parts(), reader.overlap(), kept);
    }

    /**
     * Reads the failed rows: newest first, each index once.
     *
     * @return the rows; the caller closes the stream
     */
    public Stream<FailedRow> failedRows() {
        return reader.failedRows();
    }

    /**
     * Makes a writer for this run.
     *
     * @return the writer; the caller closes it before the store
     */
    public PartWriter writer() {
        checkWritable();
        return new PartWriter(schema(), columns.columns(), columns.options(), keys, table.parts(), table.failed());
    }

    /**
     * Makes the journal in which this run keeps results of expensive rows until a part contains them.
     *
     * @return the journal; the caller closes it before the store
     */
    public RowJournal journal() {
        List<PartFooter.StoredColumn> all = schema().columns().subList(0, columns.columns()).stream()
                .map(field -> new PartFooter.StoredColumn(field, true))
                .toList();
        PartFooter footer = PartFooter.of(schema(), columns.options(), all);
        return new RowJournal(table.directory(), footer, table.parts(), System::nanoTime);
    }

    /**
     * Compacts the table at the end of a run: moves each row into one part, joins small parts, and removes failures
     * that are resolved. If it fails, the table is as correct as before.
     *
     * @param resolved whether a failed row of an earlier run was computed, or failed again, in this run
     * @throws IOException if the parts cannot be written, for example because the disk is full
     */
    public void compact(Predicate<IndexKey> resolved) throws IOException {
        checkWritable();
        Compaction compaction = new Compaction(columns, keys, table.directory());
        boolean hasNewParts = table.parts().lastSequence() > columns.opened();
        if (hasNewParts || reader.hasDuplicates()) {
            compaction.compact(table.parts(), reader.overlap());
        }
        compaction.compactFailed(table.failed(), lastFailedAtOpening, resolved);
    }

    private void checkWritable() {
        if (table.lock().isEmpty()) {
            throw new IllegalStateException(table.directory() + " is open for reading only");
        }
    }

    /** Releases the lock. */
    @Override
    public void close() {
        table.lock().ifPresent(TableLock::release);
    }
}
