package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.PLAIN;
import static org.rowmill.store.Stores.all;
import static org.rowmill.store.Stores.column;
import static org.rowmill.store.Stores.files;
import static org.rowmill.store.Stores.index;
import static org.rowmill.store.Stores.key;
import static org.rowmill.store.Stores.longs;
import static org.rowmill.store.Stores.options;
import static org.rowmill.store.Stores.publish;
import static org.rowmill.store.Stores.schema;
import static org.rowmill.store.Stores.values;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.compaction.Overlap;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;

/** A row that is in several parts is read as one row. */
class TableStoreMergingTest {

    @TempDir
    Path directory;

    @Test
    void theNewestPartWinsForARowAndColumn() throws IOException {
        publish(directory, longs("a", "b"), PLAIN, 0, 4, 1);
        try (TableStore store = TableOpening.open(directory, longs("a", "b"), options("run2"));
                PartWriter writer = store.writer()) {
            writer.add(index(1), Map.of(0, 10L));
            writer.add(index(2), Map.of(1, 20L));
            writer.publish();
            writer.add(index(1), values((Object) null));
            writer.publish();
            assertThat(all(store))
                    .isEqualTo(Map.of(
                            0L,
                            List.of(0L, 0L),
                            1L,
                            Arrays.asList(null, 1L),
                            2L,
                            List.of(2L, 20L),
                            3L,
                            List.of(3L, 3L)));
            assertThat(store.rowCount()).isEqualTo(4);
            assertThat(store.readKeys().count()).isEqualTo(4);
        }
    }

    @Test
    void onlyRequestedColumnsAreRead() throws IOException {
        publish(directory, longs("a", "b"), PLAIN, 5, 6, 1);
        try (TableStore store = TableOpening.openReadOnly(directory, false);
                Stream<StoredRow> some = store.rows(Set.of("b"), false);
                Stream<StoredRow> none = store.rows(Set.of(), false)) {
            assertThat(some.toList().get(0).values()).containsExactly(null, 5L);
            StoredRow indexOnly = none.toList().get(0);
            assertThat(indexOnly.index()).containsExactly(5L);
            assertThat(indexOnly.present().isEmpty()).isTrue();
        }
    }

    @Test
    void rowsThatOverlapAreFoundInAnyNumberOfPasses() throws IOException {
        publish(directory, longs("a"), PLAIN, 0, 1000, 1);
        publish(directory, longs("a"), options("run2"), 900, 1500, 1);
        List<Part> parts = new PartDirectory(directory).parts();
        KeyScan scan = new KeyScan(longs("a"));
        for (int keysPerPass : new int[] {10_000, 700, 100}) {
            Overlap overlap = Overlap.find(parts, scan, keysPerPass);
            assertThat(overlap.rows()).isEqualTo(1500);
            assertThat(overlap.size()).isEqualTo(100);
            for (long i = 0; i < 1500; i++) {
                assertThat(overlap.contains(key(i))).isEqualTo(i >= 900 && i < 1000);
            }
        }
    }

    @Test
    @Tag("slow")
    void everyTypeSurvivesATemporaryFile() throws IOException {
        TableSchema before = schema(StoredTypesTest.columns());
        TableSchema after = schema(Stream.concat(before.columns().stream(), Stream.of(column("more", Scalar.STRING)))
                .toArray(TableSchema.ColumnField[]::new));
        int rows = 40_000;
        try (TableStore store = TableOpening.open(directory, before, PLAIN);
                PartWriter writer = store.writer()) {
            for (long i = 0; i < rows; i++) {
                writer.add(index(i), StoredTypesTest.shortValues());
            }
            writer.publish();
        }
        try (TableStore store = TableOpening.open(directory, after, options("run2"));
                PartWriter writer = store.writer()) {
            for (long i = 0; i < rows; i++) {
                writer.add(index(i), Map.of(before.columns().size(), "x"));
            }
            writer.publish();
            Map<Integer, Object> expected = StoredTypesTest.shortValues();
            try (Stream<StoredRow> merged = store.rows(Set.of(), true)) {
                merged.limit(10)
                        .forEach(row -> expected.forEach((column, value) ->
                                assertThat(row.values()[column]).isEqualTo(value)));
            }
        }
    }

    @Test
    @Tag("slow")
    void moreRowsThanFitInMemoryAreJoinedFromDisk() throws IOException {
        int rows = 250_000;
        publish(directory, longs("a"), PLAIN, 0, rows, 1);
        TableSchema two = longs("a", "b");
        try (TableStore store = TableOpening.open(directory, two, options("run2"));
                PartWriter writer = store.writer()) {
            for (long i = 0; i < rows; i++) {
                writer.add(index(i), Map.of(1, 2 * i));
            }
            writer.publish();
            try (Stream<StoredRow> merged = store.rows(Set.of(), true)) {
                assertThat(merged.filter(row -> row.values()[1].equals(2 * (Long) row.values()[0]))
                                .map(row -> row.index().get(0))
                                .distinct())
                        .hasSize(rows);
            }
            assertThat(files(directory, ".tmp")).isEmpty();
            store.compact(key -> false);
            assertThat(store.parts()).hasSize(1);
            assertThat(store.rowCount()).isEqualTo(rows);
        }
    }
}
