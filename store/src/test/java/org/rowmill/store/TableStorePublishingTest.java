package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.PLAIN;
import static org.rowmill.store.Stores.all;
import static org.rowmill.store.Stores.bits;
import static org.rowmill.store.Stores.files;
import static org.rowmill.store.Stores.index;
import static org.rowmill.store.Stores.key;
import static org.rowmill.store.Stores.longs;
import static org.rowmill.store.Stores.options;
import static org.rowmill.store.Stores.publish;
import static org.rowmill.store.Stores.values;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.journal.PartWriter;

/** Rows that are published, and what a store that is opened later reads. */
class TableStorePublishingTest {

    @TempDir
    Path directory;

    @Test
    void publishedRowsAreReadInOrder() throws IOException {
        publish(directory, longs("a"), PLAIN, 0, 1000, 2);
        try (TableStore store = TableOpening.openReadOnly(directory, false);
                Stream<StoredRow> rows = store.rows(Set.of("a"), false)) {
            assertThat(rows.map(row -> row.values()[0])).hasSize(1000).startsWith(0L, 2L, 4L);
            assertThat(store.rowCount()).isEqualTo(1000);
        }
    }

    @Test
    void aTableWithoutRowsHasAnEmptyPartUntilTheFirstRow() throws IOException {
        publish(directory, longs("a"), PLAIN, 0, 0, 1);
        publish(directory, longs("a", "b"), options("run2"), 0, 0, 1);
        assertThat(files(directory, ".parquet")).hasSize(1);
        assertThat(DuckDb.query(directory, "SELECT column_name FROM (DESCRIBE SELECT * FROM $)"))
                .containsExactly(List.of("index"), List.of("a"), List.of("b"));
        try (TableStore store = TableOpening.openReadOnly(directory, false)) {
            assertThat(store.schema().columns())
                    .extracting(TableSchema.ColumnField::name)
                    .containsExactly("a", "b");
            assertThat(store.rowCount()).isZero();
        }
        publish(directory, longs("a", "b"), options("run3"), 0, 10, 1);
        assertThat(files(directory, ".parquet")).hasSize(1);
        assertThat(DuckDb.number(directory, "SELECT count(*) FROM $")).isEqualTo(10);
    }

    @Test
    void unpublishedRowsAreDroppedByClose() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                PartWriter writer = store.writer()) {
            writer.add(index(1), values(1L));
            assertThat(writer.rows()).isEqualTo(1);
        }
        try (TableStore store = TableOpening.openReadOnly(directory, false)) {
            assertThat(store.rowCount()).isZero();
        }
        assertThat(files(directory.resolve("_pending"), "")).isEmpty();
    }

    @Test
    void nullIsNotAbsent() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a", "b"), PLAIN);
                PartWriter writer = store.writer()) {
            writer.add(index(1), values(1L, null));
            writer.add(index(2), values(2L));
            assertThat(writer.publish()).hasSize(2);
            assertThat(writer.rows()).isZero();
            assertThat(writer.bytes()).isZero();
            assertThat(all(store)).isEqualTo(Map.of(1L, Arrays.asList(1L, null), 2L, List.of(2L, "absent")));
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1));
            assertThat(store.readKeys().columns(key(2))).isEqualTo(bits(0));
            assertThat(store.readKeys().columns(key(3))).isEqualTo(bits());
        }
    }

    @Test
    void theSameRowTwiceBeforePublicationIsOneRow() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a", "b"), PLAIN);
                PartWriter writer = store.writer()) {
            writer.add(index(1), values(1L));
            writer.add(index(1), Map.of(1, 2L));
            writer.publish();
            assertThat(all(store)).isEqualTo(Map.of(1L, List.of(1L, 2L)));
        }
    }

    @Test
    void newPartsHaveHigherNumbersAndNameTheirRun() throws IOException {
        publish(directory, longs("a"), options("first"), 0, 10, 1);
        publish(directory, longs("a"), options("second"), 10, 30, 1);
        try (TableStore store = TableOpening.openReadOnly(directory, false)) {
            List<PartInfo> parts = store.parts();
            assertThat(parts)
                    .extracting(part -> part.file().getFileName().toString())
                    .containsExactly("part-00000001-first.parquet", "part-00000002-second.parquet");
            assertThat(parts).extracting(PartInfo::rows).containsExactly(10L, 20L);
            assertThat(parts).extracting(PartInfo::run).containsExactly("first", "second");
            assertThat(parts.get(0).columns()).containsExactly("a");
            assertThat(parts.get(0).bytes()).isEqualTo(Files.size(parts.get(0).file()));
        }
    }
}
