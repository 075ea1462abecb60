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
import org.rowmill.store.parts.StoreOptions;
import org.rowmill.store.parts.StoredColumns;

/**
 * Tidies a table up at the end of a run, by writing parts anew. New parts are published before old ones are deleted: a
 * crash in between leaves rows twice, which reading resolves and the next settlement removes.
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

    public Compaction(StoredColumns columns, KeyScan keys, Path directory) {
        this.columns = columns;
        this.keys = keys;
        this.directory = directory;
    }

    /** Which part each column of a row comes from. */
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

    /** Lets each row stand in one part, each part have all columns, and small parts be few; false: it was so. */
    public boolean settle(PartDirectory parts, Overlap overlap) throws IOException {
        List<Part> old = toRewrite(parts.parts(), overlap);
        if (old.isEmpty()) {
            return false;
        }
        try (PartGroups<List<PartFooter.StoredColumn>> groups = new PartGroups<>(parts, this::footer)) {
            Set<Origin> done = new HashSet<>();
            while (rewrite(old, overlap, groups, done)) {
                groups.finish();
            }
            groups.publish();
        }
        parts.delete(old);
        return true;
    }

    /** Writes the rows of some origins that are not done; false when there are no more. */
    private boolean rewrite(
            List<Part> old, Overlap overlap, PartGroups<List<PartFooter.StoredColumn>> groups, Set<Origin> done)
            throws IOException {
        boolean more = false;
        List<PartColumns> reading = old.stream().map(columns::rewriting).toList();
        Map<Origin, List<PartFooter.StoredColumn>> now = new HashMap<>();
        Set<List<PartFooter.StoredColumn>> open = new HashSet<>();
        try (MergedRows rows = new MergedRows(reading, columns.schema(), overlap, keys, directory)) {
            for (MergedRow row = rows.next(); row != null; row = rows.next()) {
                Origin origin = new Origin(row.sources());
                List<PartFooter.StoredColumn> group = now.get(origin);
                if (group == null && !done.contains(origin)) {
                    List<PartFooter.StoredColumn> stored = stored(row.sources(), old);
                    if (open.contains(stored) || open.size() < MAX_OPEN_GROUPS) {
                        open.add(stored);
                        now.put(origin, stored);
                        group = stored;
                    } else {
                        more = true;
                    }
                }
                if (group != null) {
                    groups.write(group, row.index(), row.values());
                }
            }
        }
        done.addAll(now.keySet());
        return more;
    }

    private List<Part> toRewrite(List<Part> parts, Overlap overlap) throws DamagedPart {
        Set<String> everywhere = new LinkedHashSet<>();
        parts.forEach(part -> part.footer().columns().forEach(column -> {
            if (column.present()) {
                everywhere.add(column.field().name());
            }
        }));
        Set<Part> old = new LinkedHashSet<>();
        for (Part part : parts) {
            if (lacksColumns(part, everywhere) || (!overlap.isEmpty() && keys.find(part, overlap::contains))) {
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

    /** Readers take the columns from the first file, or refuse files of different columns. */
    private boolean lacksColumns(Part part, Set<String> everywhere) {
        List<String> fits = new ArrayList<>();
        for (PartFooter.StoredColumn stored : part.footer().columns()) {
            int number = columns.schema().columnNumber(stored.field().name());
            if (number >= 0
                    && columns.schema()
                            .columns()
                            .get(number)
                            .type()
                            .equals(stored.field().type())) {
                fits.add(stored.field().name());
            }
        }
        return !fits.containsAll(everywhere);
    }

    private List<PartFooter.StoredColumn> stored(int[] sources, List<Part> parts) {
        List<PartFooter.StoredColumn> stored = new ArrayList<>();
        for (int i = 0; i < sources.length; i++) {
            TableSchema.ColumnField field = columns.schema().columns().get(i);
            PartFooter.StoredColumn from =
                    sources[i] < 0 ? null : parts.get(sources[i]).footer().present(field.name());
            stored.add(from == null ? new PartFooter.StoredColumn(field, false) : from);
        }
        return stored;
    }

    private PartFooter footer(List<PartFooter.StoredColumn> stored) {
        StoreOptions options = columns.options();
        TableSchema schema = columns.schema();
        return new PartFooter(schema.table(), options.run(), options.codeHash(), schema.index(), stored);
    }

    /**
     * Drops failures that are no more.
     *
     * @param parts of the failed rows
     * @param opened highest number of the parts that were there when the run began
     * @param resolved rows whose failures of earlier runs are no more
     */
    public void settleFailed(PartDirectory parts, long opened, Predicate<IndexKey> resolved) throws IOException {
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
