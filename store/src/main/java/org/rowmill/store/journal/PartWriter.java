package org.rowmill.store.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.compaction.PartLimit;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.PartGroups;
import org.rowmill.store.recompute.RequestProgress;

/**
 * Collects rows and publishes them as parts. The rows stay in memory until they are published, so that the caller can
 * retry a publication that failed. The caller publishes before there are too many. Used by one thread at a time.
 *
 * <p>A row that is new and has all columns becomes visible to other readers at once, or when enough such rows wait. All
 * other rows become hidden parts, because a part that other readers see may have the row already.
 */
public final class PartWriter implements AutoCloseable {

    private static final int OBJECT_BYTES = 24;
    private static final int ROW_BYTES = 200;

    private final TableSchema schema;
    private final int columns;
    private final Function<BitSet, PartFooter> footers;
    private final KeyScan keys;
    private final PartDirectory parts;
    private final PartDirectory failedParts;
    private final RequestProgress requests;
    private final WaitingRows waiting;
    private final WaitingRows waitingFailures;
    private final Map<IndexKey, PendingRow> pending = new LinkedHashMap<>();
    private final Map<IndexKey, PendingFailure> failed = new LinkedHashMap<>();
    private long bytes;

    @SuppressWarnings("ArrayRecordComponent") // Changed in place; never compared.
    private record PendingRow(
            List<Object> index, BitSet present, @Nullable Object[] values, boolean isNew) {}

    private record PendingFailure(FailedRow row, boolean isNew) {}

    /** Rows of the same part: the columns that they have, and whether other readers may see them now. */
    private record Group(BitSet present, boolean isVisible) {}

    /**
     * Makes a writer.
     *
     * @param schema the schema of the store
     * @param columns number of columns that the current class has; they are the first ones of the schema
     * @param footers makes the footer of rows with these columns
     * @param keys computes keys of indices
     * @param parts receives parts with rows
     * @param failedParts receives parts with failed rows
     * @param requests notes which requests to compute columns again have failed rows
     */
    public PartWriter(
            TableSchema schema,
            int columns,
            Function<BitSet, PartFooter> footers,
            KeyScan keys,
            PartDirectory parts,
            PartDirectory failedParts,
            RequestProgress requests) {
        this.schema = schema;
        this.columns = columns;
        this.footers = footers;
        this.keys = keys;
        this.parts = parts;
        this.failedParts = failedParts;
        this.requests = requests;
        this.waiting = new WaitingRows(parts, PartLimit.ROWS);
        this.waitingFailures = new WaitingRows(failedParts, PartLimit.FAILED);
    }

    /**
     * Adds a row, or more columns of a row. Other readers see it after the next compaction, because it may be stored.
     *
     * @param index stored values of the index
     * @param values stored values by number of the column in the schema of the current class
     */
    public void add(List<Object> index, Map<Integer, @Nullable Object> values) {
        add(keys.key(index), index, values, false);
    }

    /**
     * Adds a row whose key is known.
     *
     * @param key the key of the index
     * @param index stored values of the index
     * @param values stored values by number of the column in the schema of the current class
     * @param isNew whether no part has the row
     */
    public void add(IndexKey key, List<Object> index, Map<Integer, @Nullable Object> values, boolean isNew) {
        PendingRow row = pending.computeIfAbsent(
                key,
                newKey -> new PendingRow(
                        List.copyOf(index),
                        new BitSet(),
                        new Object[schema.columns().size()],
                        isNew));
        bytes += ROW_BYTES;
        for (Map.Entry<Integer, @Nullable Object> entry : values.entrySet()) {
            int column = entry.getKey();
            if (column < 0 || column >= columns) {
                throw new IllegalArgumentException(
                        "a column from 0 to " + (columns - 1) + " was expected, not " + column);
            }
            row.present().set(column);
            row.values()[column] = entry.getValue();
            bytes += size(entry.getValue());
        }
    }

    /**
     * Adds a failed row.
     *
     * @param row the row and its failure
     * @param isNew whether no failure of the row is stored
     */
    public void addFailed(FailedRow row, boolean isNew) {
        IndexKey key = keys.key(row.index());
        PendingFailure before = failed.get(key);
        failed.put(key, new PendingFailure(row, before == null ? isNew : before.isNew()));
        requests.failed(key, columns(row));
        bytes += ROW_BYTES + 2L * (row.message().length() + row.stack().length());
    }

    private static Set<String> columns(FailedRow row) {
        return row.columns().isEmpty()
                ? Set.of()
                : new HashSet<>(List.of(row.columns().split(",")));
    }

    /** Counts the rows to publish, including failed ones. */
    public int rows() {
        return pending.size() + failed.size();
    }

    /** Estimates the memory of the rows to publish, in bytes. */
    public long bytes() {
        return bytes;
    }

    /**
     * Publishes the rows. When this method returns, they survive a power failure.
     *
     * @return the new parts; none if there was nothing to publish
     * @throws IOException if the parts cannot be written; unpublished rows are kept, and the caller may retry
     */
    public List<Path> publish() throws IOException {
        List<Path> files = new ArrayList<>();
        try (PartGroups<Group> hidden = new PartGroups<>(parts, this::footer);
                PartGroups<Group> visible = new PartGroups<>(parts, this::footer);
                PartGroups<TableSchema> hiddenFailed = new PartGroups<>(failedParts, this::failedFooter);
                PartGroups<TableSchema> visibleFailed = new PartGroups<>(failedParts, this::failedFooter)) {
            write(hidden, visible);
            writeFailed(hiddenFailed, visibleFailed);
            add(hidden.publish(true), files);
            pending.values().removeIf(row -> !isComplete(row));
            waiting.added(visible.publish(waiting.mustWait(schema)), files);
            pending.clear();
            add(hiddenFailed.publish(true), files);
            failed.values().removeIf(row -> !row.isNew());
            waitingFailures.added(visibleFailed.publish(waitingFailures.mustWait(FailedTable.schema(schema))), files);
            failed.clear();
        }
        force();
        waiting.promoteIfDue();
        waitingFailures.promoteIfDue();
        force();
        close();
        return files;
    }

    private void force() throws IOException {
        parts.force();
        failedParts.force();
    }

    private static void add(List<Part> published, List<Path> files) {
        published.forEach(part -> files.add(part.file()));
    }

    private void write(PartGroups<Group> hidden, PartGroups<Group> visible) throws IOException {
        for (Map.Entry<Group, List<PendingRow>> group : pendingByGroup().entrySet()) {
            PartGroups<Group> to = group.getKey().isVisible() ? visible : hidden;
            for (PendingRow row : group.getValue()) {
                to.write(group.getKey(), row.index(), row.values());
            }
            to.finish();
        }
    }

    private void writeFailed(PartGroups<TableSchema> hidden, PartGroups<TableSchema> visible) throws IOException {
        TableSchema failedSchema = FailedTable.schema(schema);
        for (PendingFailure failure : failed.values()) {
            (failure.isNew() ? visible : hidden)
                    .write(failedSchema, failure.row().index(), FailedTable.values(failure.row()));
        }
        hidden.finish();
        visible.finish();
    }

    private Map<Group, List<PendingRow>> pendingByGroup() {
        Map<Group, List<PendingRow>> groups = new LinkedHashMap<>();
        pending.values()
                .forEach(row -> groups.computeIfAbsent(
                                new Group(row.present(), isComplete(row)), present -> new ArrayList<>())
                        .add(row));
        return groups;
    }

    private boolean isComplete(PendingRow row) {
        return row.isNew() && row.present().cardinality() == columns;
    }

    private PartFooter footer(Group group) {
        return footers.apply(group.present());
    }

    private PartFooter failedFooter(TableSchema failedSchema) {
        List<PartFooter.StoredColumn> stored = failedSchema.columns().stream()
                .map(field -> new PartFooter.StoredColumn(field, true))
                .toList();
        PartFooter footer = footers.apply(new BitSet());
        return new PartFooter(footer.table(), footer.run(), footer.codeHash(), footer.index(), stored);
    }

    private static long size(@Nullable Object value) {
        if (value instanceof String text) {
            return OBJECT_BYTES + 2L * text.length();
        }
        if (value instanceof byte[] array) {
            return OBJECT_BYTES + (long) array.length;
        }
        long size = OBJECT_BYTES;
        if (value instanceof List<?> list) {
            for (Object element : list) {
                size += size(element);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += OBJECT_BYTES + size(entry.getKey()) + size(entry.getValue());
            }
        }
        return size;
    }

    /** Drops unpublished rows. */
    @Override
    public void close() {
        pending.clear();
        failed.clear();
        bytes = 0;
    }
}
