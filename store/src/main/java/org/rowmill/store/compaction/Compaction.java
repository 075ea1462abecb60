package org.rowmill.store.compaction;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.failed.FailedReader;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.failed.FailedTable;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartColumns;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.PartGroups;
import org.rowmill.store.parts.StoredColumns;

/**
 * Rewrites parts at the end of a run. New parts are published before old ones are deleted. If the process is killed in
 * between, rows are in two parts: readers merge them, and the next compaction removes the old ones.
 */
public final class Compaction {

    private static final int MANY_SMALL_PARTS = 100;
    private static final long SMALL_ROWS = 500_000;
    private static final long SMALL_BYTES = 128L << 20;
    private static final int MAX_OPEN_GROUPS = 100;
    private static final int MANY_FAILED_PARTS = 10;

    private final StoredColumns columns;
    private final KeyScan keys;
    private final Path directory;
    private Predicate<IndexKey> kept = key -> true;

    /**
     * Makes a compaction.
     *
     * @param columns the columns of the table
     * @param keys computes keys of indices
     * @param directory the directory of the table
     */
    public Compaction(StoredColumns columns, KeyScan keys, Path directory) {
        this.columns = columns;
        this.keys = keys;
        this.directory = directory;
    }

    /** The part from which each column of a row comes. */
    @SuppressWarnings("ArrayRecordComponent") // Its equals compares the elements.
    private record Origin(int[] sources) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Origin origin && Arrays.equals(sources, origin.sources);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(sources);
        }
    }

    /** Does the same, and leaves out the rows that are not kept. */
    public void retain(PartDirectory parts, Overlap overlap, Predicate<IndexKey> rowsToKeep) throws IOException {
        kept = rowsToKeep;
        compact(parts, overlap);
    }

    /** Moves each row into one part, adds missing columns to parts, and joins small parts. */
    public void compact(PartDirectory parts, Overlap overlap) throws IOException {
        List<Part> old = toRewrite(parts.parts(), overlap);
        if (old.isEmpty()) {
            return;
        }
        try (PartGroups<List<PartFooter.StoredColumn>> groups = new PartGroups<>(parts, this::footer)) {
            Set<Origin> done = new HashSet<>();
            while (rewrite(old, overlap, groups, done)) {
                groups.finish();
            }
            groups.publish();
        }
        parts.delete(old);
    }

    /**
     * Reads all rows, and writes those of as many remaining origins as may have an open file.
     *
     * @return whether rows remain
     */
    private boolean rewrite(
            List<Part> old, Overlap overlap, PartGroups<List<PartFooter.StoredColumn>> groups, Set<Origin> done)
            throws IOException {
        boolean isMore = false;
        List<PartColumns> reading = old.stream().map(columns::rewriting).toList();
        Map<Origin, List<PartFooter.StoredColumn>> current = new HashMap<>();
        Set<List<PartFooter.StoredColumn>> open = new HashSet<>();
        try (MergedRows rows = new MergedRows(reading, columns.schema(), overlap, keys, directory)) {
            for (MergedRow row = rows.next(); row != null; row = rows.next()) {
                if (!kept.test(row.key())) {
                    continue;
                }
                Origin origin = new Origin(row.sources());
                List<PartFooter.StoredColumn> group = current.get(origin);
                if (group == null && !done.contains(origin)) {
                    List<PartFooter.StoredColumn> stored = stored(row.sources(), old);
                    if (open.contains(stored) || open.size() < MAX_OPEN_GROUPS) {
                        open.add(stored);
                        current.put(origin, stored);
                        group = stored;
                    } else {
                        isMore = true;
                    }
                }
                if (group != null) {
                    groups.write(group, row.index(), row.values());
                }
            }
        }
        done.addAll(current.keySet());
        return isMore;
    }

    private List<Part> toRewrite(List<Part> parts, Overlap overlap) throws DamagedPart {
        Set<String> all = new LinkedHashSet<>();
        parts.forEach(part -> part.footer().columns().forEach(column -> {
            if (column.present()) {
                all.add(column.field().name());
            }
        }));
        Set<Part> old = new LinkedHashSet<>();
        for (Part part : parts) {
            if (lacksColumns(part, all)
                    || keys.find(part, key -> !kept.test(key))
                    || (!overlap.isEmpty() && keys.find(part, overlap::contains))) {
                old.add(part);
            }
        }
        List<Part> small = parts.stream()
                .filter(part -> !old.contains(part) && part.rows() < SMALL_ROWS && part.bytes() < SMALL_BYTES)
                .toList();
        if (small.size() > MANY_SMALL_PARTS) {
            old.addAll(small);
        }
        return parts.stream().filter(old::contains).toList();
    }

    /** Other readers take the columns from the first file, or reject files with different columns. */
    private boolean lacksColumns(Part part, Set<String> all) {
        List<String> matching = new ArrayList<>();
        for (PartFooter.StoredColumn stored : part.footer().columns()) {
            int number = columns.schema().columnNumber(stored.field().name());
            if (number >= 0
                    && columns.schema()
                            .columns()
                            .get(number)
                            .type()
                            .equals(stored.field().type())) {
                matching.add(stored.field().name());
            }
        }
        return !matching.containsAll(all);
    }

    private List<PartFooter.StoredColumn> stored(int[] sources, List<Part> parts) {
        List<PartFooter.StoredColumn> stored = new ArrayList<>();
        for (int i = 0; i < sources.length; i++) {
            TableSchema.ColumnField field = columns.schema().columns().get(i);
            Optional<PartFooter.StoredColumn> source = sources[i] < 0
                    ? Optional.empty()
                    : parts.get(sources[i]).footer().present(field.name());
            stored.add(source.orElseGet(() -> new PartFooter.StoredColumn(field, false)));
        }
        return stored;
    }

    private PartFooter footer(List<PartFooter.StoredColumn> stored) {
        return PartFooter.of(columns.schema(), columns.options(), stored);
    }

    /**
     * Removes resolved failures.
     *
     * @param parts parts with failed rows
     * @param opened highest number of a part that existed when the run began
     * @param resolved whether a failure of an earlier run is resolved
     */
    public void compactFailed(PartDirectory parts, long opened, Predicate<IndexKey> resolved) throws IOException {
        List<Part> old = parts.parts();
        long before = old.stream().mapToLong(Part::rows).sum();
        TableSchema schema = FailedTable.schema(columns.schema());
        try (FailedReader rows = failedRows(old, schema, opened, resolved)) {
            long after = 0;
            while (rows.next() != null) {
                after++;
            }
            if (after == before && old.size() <= MANY_FAILED_PARTS) {
                return;
            }
        }
        try (FailedReader rows = failedRows(old, schema, opened, resolved);
                PartGroups<List<PartFooter.StoredColumn>> groups = new PartGroups<>(parts, this::footer)) {
            List<PartFooter.StoredColumn> group = schema.columns().stream()
                    .map(field -> new PartFooter.StoredColumn(field, true))
                    .toList();
            for (FailedRow row = rows.next(); row != null; row = rows.next()) {
                groups.write(group, row.index(), FailedTable.values(row));
            }
            groups.publish();
        }
        parts.delete(old);
    }

    private FailedReader failedRows(List<Part> parts, TableSchema schema, long opened, Predicate<IndexKey> resolved) {
        return new FailedReader(parts, schema, keys, (part, key) -> part.sequence() > opened || !resolved.test(key));
    }
}
