package org.rowmill.store.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.PartGroups;
import org.rowmill.store.parts.StoreOptions;

/**
 * Collects rows and publishes them as parts. The rows stay in memory until they are published, so that the caller can
 * retry a publication that failed. The caller publishes before there are too many. Used by one thread at a time.
 */
public final class PartWriter implements AutoCloseable {

    private static final int OBJECT_BYTES = 24;
    private static final int ROW_BYTES = 200;

    private final TableSchema schema;
    private final int columns;
    private final StoreOptions options;
    private final KeyScan keys;
    private final PartDirectory parts;
    private final PartDirectory failedParts;
    private final Map<IndexKey, PendingRow> pending = new LinkedHashMap<>();
    private final Map<IndexKey, FailedRow> failed = new LinkedHashMap<>();
    private long bytes;

    @SuppressWarnings("ArrayRecordComponent") // Changed in place; never compared.
    private record PendingRow(
            List<Object> index, BitSet present, @Nullable Object[] values) {}

    /**
     * Makes a writer.
     *
     * @param schema the schema of the store
     * @param columns number of columns that the current class has; they are the first ones of the schema
     * @param options options of the run
     * @param keys computes keys of indices
     * @param parts receives parts with rows
     * @param failedParts receives parts with failed rows
     */
    public PartWriter(
            TableSchema schema,
            int columns,
            StoreOptions options,
            KeyScan keys,
            PartDirectory parts,
            PartDirectory failedParts) {
        this.schema = schema;
        this.columns = columns;
        this.options = options;
        this.keys = keys;
        this.parts = parts;
        this.failedParts = failedParts;
    }

    /**
     * Adds a row, or more columns of a row.
     *
     * @param index stored values of the index
     * @param values stored values by number of the column in the schema of the current class
     */
    public void add(List<Object> index, Map<Integer, @Nullable Object> values) {
        add(keys.key(index), index, values);
    }

    /**
     * Adds a row whose key is known.
     *
     * @param key the key of the index
     * @param index stored values of the index
     * @param values stored values by number of the column in the schema of the current class
     */
    public void add(IndexKey key, List<Object> index, Map<Integer, @Nullable Object> values) {
        PendingRow row = pending.computeIfAbsent(
                key,
                newKey -> new PendingRow(
                        List.copyOf(index),
                        new BitSet(),
                        new Object[schema.columns().size()]));
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
     */
    public void addFailed(FailedRow row) {
        failed.put(keys.key(row.index()), row);
        bytes += ROW_BYTES + 2L * (row.message().length() + row.stack().length());
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
        try (PartGroups<BitSet> groups = new PartGroups<>(parts, this::footer);
                PartGroups<TableSchema> failedGroups = new PartGroups<>(failedParts, this::failedFooter)) {
            for (List<PendingRow> group : pendingByColumns()) {
                for (PendingRow row : group) {
                    groups.write(row.present(), row.index(), row.values());
                }
                groups.finish();
            }
            TableSchema failedSchema = FailedTable.schema(schema);
            for (FailedRow row : failed.values()) {
                failedGroups.write(failedSchema, row.index(), FailedTable.values(row));
            }
            failedGroups.finish();
            groups.publish().forEach(part -> files.add(part.file()));
            pending.clear();
            failedGroups.publish().forEach(part -> files.add(part.file()));
        }
        close();
        return files;
    }

    private Collection<List<PendingRow>> pendingByColumns() {
        Map<BitSet, List<PendingRow>> groups = new LinkedHashMap<>();
        pending.values()
                .forEach(row -> groups.computeIfAbsent(row.present(), present -> new ArrayList<>())
                        .add(row));
        return groups.values();
    }

    private PartFooter footer(BitSet present) {
        List<PartFooter.StoredColumn> stored = new ArrayList<>();
        for (int i = 0; i < schema.columns().size(); i++) {
            stored.add(new PartFooter.StoredColumn(schema.columns().get(i), present.get(i)));
        }
        return PartFooter.of(schema, options, stored);
    }

    private PartFooter failedFooter(TableSchema failedSchema) {
        List<PartFooter.StoredColumn> stored = failedSchema.columns().stream()
                .map(field -> new PartFooter.StoredColumn(field, true))
                .toList();
        return PartFooter.of(schema, options, stored);
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
