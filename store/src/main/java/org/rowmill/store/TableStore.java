package org.rowmill.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.compaction.Compaction;
import org.rowmill.store.compaction.PartLimit;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.Generations;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.StoredColumns;
import org.rowmill.store.recompute.Recomputations;
import org.rowmill.store.recompute.RecomputeFile;
import org.rowmill.store.recompute.RecomputeRequest;
import org.rowmill.store.recompute.RequestProgress;

/** An open table: its parts, its failed rows and its lock. Used by one thread at a time. */
public final class TableStore implements AutoCloseable {

    private final OpenedTable table;
    private final StoredColumns columns;
    private final KeyScan keys;
    private final RequestProgress progress;
    private final TableReader reader;
    private final Set<IndexKey> hidden;
    private final long lastFailedAtOpening;
    private boolean areFailuresCompacted;

    TableStore(OpenedTable table) {
        this(table, Set.of());
    }

    TableStore(OpenedTable table, Set<IndexKey> hidden) {
        this.hidden = Set.copyOf(hidden);
        this.table = table;
        this.columns = table.columns();
        this.keys = new KeyScan(columns.schema());
        this.progress = new RequestProgress(table.state(), columns.schema(), columns.columns());
        this.reader = new TableReader(table, keys, progress);
        this.lastFailedAtOpening = table.failed().lastSequence();
    }

    /** Which rows a run computes. */
    public enum Coverage {
        /** The run was stopped, or did not plan all rows. */
        SOME_ROWS,

        /** The run planned all rows that {@code index()} lists, but for a limit, and each is computed or failed. */
        PLANNED_ROWS,

        /** The same without a limit: the run planned all rows of the table. */
        ALL_ROWS
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
     * Returns the requests to compute columns again that are not finished.
     *
     * @return oldest first
     */
    public List<RecomputeRequest> requests() {
        return table.state().requests();
    }

    /** Returns how far this run gets with the requests. */
    public RequestProgress requestProgress() {
        return progress;
    }

    /**
     * Lists the parts of the table, without those of failed rows.
     *
     * @return oldest first
     */
    public List<PartInfo> parts() {
        Map<Path, List<Part>> files = new LinkedHashMap<>();
        Stream.concat(table.parts().empty().stream(), table.parts().parts().stream())
                .forEach(part -> files.computeIfAbsent(part.file(), file -> new ArrayList<>())
                        .add(part));
        return files.values().stream().map(TableStore::info).toList();
    }

    private static PartInfo info(List<Part> sections) {
        Part first = sections.get(0);
        try {
            Instant time = Files.getLastModifiedTime(first.file()).toInstant();
            List<String> names = sections.stream()
                    .flatMap(part -> part.footer().columns().stream())
                    .filter(PartFooter.StoredColumn::present)
                    .map(column -> column.field().name())
                    .distinct()
                    .toList();
            long rows = sections.stream().mapToLong(Part::rows).sum();
            return new PartInfo(
                    first.file(), rows, first.bytes(), names, first.footer().run(), time);
        } catch (IOException e) {
            throw new UncheckedIOException(first.file() + ": cannot be read", e);
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
        return new PartWriter(schema(), columns.columns(), this::footer, keys, table.parts(), table.failed(), progress);
    }

    private PartFooter footer(BitSet present) {
        return PartFooter.of(schema(), columns.options(), columns.current(present));
    }

    /**
     * Makes the journal in which this run keeps results of expensive rows until a part contains them.
     *
     * @return the journal; the caller closes it before the store
     */
    public RowJournal journal() {
        BitSet all = new BitSet();
        all.set(0, columns.columns());
        PartFooter footer =
                PartFooter.of(schema(), columns.options(), columns.current(all).subList(0, columns.columns()));
        return new RowJournal(table.directory(), footer, table.parts(), System::nanoTime);
    }

    /**
     * Finishes the compaction of a run that was killed, unless the run was computing values again that other readers
     * have: they see the old values until every row has its new one. Call it after {@link #readKeys}.
     *
     * @throws IOException if the parts cannot be written; the compaction at the end of this run tries again
     */
    public void compactEarlierRuns() throws IOException {
        checkWritable();
        if (!table.parts().hidden().isEmpty() || reader.hasDuplicates()) {
            compactRows(Coverage.SOME_ROWS, List.of(), Compaction.Keep.ALL, false);
        }
    }

    /**
     * Compacts the table at the end of a run that planned all rows. See {@link #compact(Predicate, Coverage,
     * OptionalLong)}.
     */
    public void compact(Predicate<IndexKey> resolved) throws IOException {
        compact(resolved, Coverage.ALL_ROWS, OptionalLong.empty());
    }

    /**
     * Compacts the table at the end of a run: moves the rows of hidden parts into parts that other readers see, and
     * removes failures that are resolved. If it fails, the table is as correct as before.
     *
     * @param resolved whether a failed row of an earlier run was computed, or failed again, in this run
     * @param coverage which rows the run computed
     * @param limit how many rows of {@code index()} the run planned at most
     * @throws IOException if the parts cannot be written, for example because the disk is full
     */
    public void compact(Predicate<IndexKey> resolved, Coverage coverage, OptionalLong limit) throws IOException {
        checkWritable();
        List<RecomputeRequest> finished = coverage == Coverage.SOME_ROWS ? List.of() : progress.finished(limit);
        compactRows(coverage, finished, Compaction.Keep.ALL, false);
        if (!areFailuresCompacted) { // a repetition would not know any more which failures are new
            new Compaction(failedColumns(), keys, table.temporary(), PartLimit.FAILED)
                    .compact(
                            table.failed(),
                            true,
                            (key, last) -> last > lastFailedAtOpening || !resolved.test(key),
                            true,
                            () -> areFailuresCompacted = true);
        }
    }

    /**
     * Removes rows from the table. Call it at the end of a run, before {@link #compact(Predicate)}.
     *
     * @param kept selects the rows that stay
     * @throws IOException if the parts cannot be written
     */
    public void retain(Predicate<IndexKey> kept) throws IOException {
        checkWritable();
        compactRows(Coverage.ALL_ROWS, List.of(), (key, last) -> kept.test(key), true);
    }

    private void compactRows(
            Coverage coverage, List<RecomputeRequest> finished, Compaction.Keep keep, boolean isFiltered)
            throws IOException {
        Recomputations state = table.state().without(finished);
        StoredColumns after = new StoredColumns(columns.schema(), columns.columns(), columns.options(), state);
        table.parts().deleteSuperseded();
        boolean isHeld = coverage != Coverage.ALL_ROWS
                && after.isReplacing(table.parts().visible(), table.parts().hidden());
        if (!isHeld) {
            new Compaction(columns, keys, table.temporary(), PartLimit.ROWS)
                    .compact(table.parts(), reader.hasDuplicates(), keep, isFiltered, () -> write(state, finished));
            reader.noDuplicates();
        } else {
            write(state, finished);
        }
    }

    private void write(Recomputations state, List<RecomputeRequest> finished) throws IOException {
        if (!finished.isEmpty()) {
            RecomputeFile.write(table.directory(), state);
        }
    }

    private StoredColumns failedColumns() {
        TableSchema schema = FailedTable.schema(columns.schema());
        return new StoredColumns(schema, schema.columns().size(), columns.options(), Generations.NONE);
    }

    private void checkWritable() {
        if (table.lock().isEmpty()) {
            throw new IllegalStateException(table.directory() + " is open for reading only");
        }
    }

    /** Releases the lock, or closes the files that were kept open instead. */
    @Override
    public void close() {
        try {
            table.parts().close();
            table.failed().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the parts of " + table.directory(), e);
        } finally {
            table.lock().ifPresent(TableLock::release);
        }
    }
}
