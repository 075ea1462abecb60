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
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.journal.PartWriter;

/** What compaction does with the parts of a run and of the runs before it. */
class TableStoreCompactionTest {

    @TempDir
    Path parent;

    private Path directory = Path.of("");

    @BeforeEach
    void nameDirectory() {
        directory = parent.resolve("Samples");
    }

    @Test
    void eachRowIsInOnePartAfterwards() throws IOException {
        publish(directory, longs("a"), PLAIN, 0, 100, 1);
        publish(directory, longs("a"), options("run2"), 100, 200, 1);
        try (TableStore store = TableOpening.open(directory, longs("a", "b"), options("run3"));
                PartWriter writer = store.writer()) {
            for (long i = 0; i < 100; i++) {
                writer.add(index(i), Map.of(1, i));
            }
            writer.publish();
            Map<Object, List<Object>> before = all(store);
            store.compact(key -> false);
            assertThat(all(store)).isEqualTo(before).hasSize(200);
            assertThat(store.parts()).extracting(PartInfo::run).containsOnly("run3");
        }
        assertThat(DuckDb.query(directory, "SELECT count(*), count(DISTINCT \"index\"), sum(a), sum(b) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("200", "200", "19900", "4950");
    }

    @Test
    void aPartWithoutDuplicatesIsNotRewritten() throws IOException {
        publish(directory, longs("a"), PLAIN, 0, 100, 1);
        publish(directory, longs("a"), options("run2"), 100, 200, 1);
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"));
                PartWriter writer = store.writer()) {
            writer.add(index(150), values(0L));
            writer.publish();
            store.compact(key -> false);
            assertThat(store.parts()).extracting(PartInfo::run).containsExactly("run1", "run3");
            assertThat(store.parts()).extracting(PartInfo::rows).containsExactly(100L, 100L);
        }
    }

    @Test
    void smallPartsAreFewAndAFurtherRowJoinsTheSmallest() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                PartWriter writer = store.writer()) {
            for (int i = 0; i < 500; i++) {
                Stores.addRows(writer, longs("a"), i, i + 1, 3);
                writer.publish();
                assertThat(DuckDb.number(directory, "SELECT count(DISTINCT \"index\") FROM $"))
                        .isGreaterThan(i * 3 / 4);
            }
            store.compact(key -> false);
        }
        int parts = files(directory, ".parquet").size();
        assertThat(parts).isBetween(100, 200);
        publish(directory, longs("a"), options("run2"), 500, 501, 3);
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
            store.compact(key -> false);
            assertThat(all(store)).hasSize(501).containsEntry(500L, List.of(1500L));
        }
        assertThat(files(directory, ".parquet")).hasSize(parts);
        assertThat(DuckDb.query(directory, "SELECT count(*), count(DISTINCT \"index\") FROM $"))
                .containsExactly(List.of(501L, 501L));
    }

    @Test
    void duplicatesThatACrashLeftAreRemoved() throws IOException {
        publish(directory, longs("a"), PLAIN, 0, 10, 1);
        Path old = files(directory, ".parquet").get(0);
        byte[] bytes = Files.readAllBytes(old);
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run2"));
                PartWriter writer = store.writer()) {
            writer.add(index(5), values(50L));
            writer.publish();
            store.compact(key -> false);
        }
        Files.copy(old, directory.resolve("part-00000009-run2.parquet"));
        Files.write(old, bytes); // as an earlier version left it, which did not replace parts
        assertThat(TableChecker.check(directory, false).faults())
                .singleElement()
                .asString()
                .contains("10 rows are in more than one part");
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
            assertThat(store.readKeys().count()).isEqualTo(10);
            assertThat(all(store)).hasSize(10).containsEntry(5L, List.of(50L));
            store.compact(key -> false);
            assertThat(store.parts()).hasSize(1);
            assertThat(all(store)).hasSize(10).containsEntry(5L, List.of(50L));
        }
    }

    @Test
    @Tag("slow")
    void rowsWithManyCombinationsOfColumnsShareParts() throws IOException {
        TableSchema wide = longs("a", "b", "c", "d", "e", "f", "g");
        try (TableStore store = TableOpening.open(directory, wide, PLAIN);
                PartWriter writer = store.writer()) {
            for (int part = 0; part < 2; part++) {
                for (int i = 0; i < 2000; i++) {
                    Map<Integer, Object> some = new HashMap<>();
                    bitsOf(i).stream().forEach(column -> some.put(column, 1L));
                    writer.add(index(i), some);
                }
                writer.publish();
            }
            store.compact(key -> false);
            assertThat(store.parts()).hasSize(1);
            assertThat(store.rowCount()).isEqualTo(2000);
            assertThat(store.readKeys().columns(key(127))).isEqualTo(bitsOf(127));
        }
    }

    private BitSet bitsOf(int number) {
        return BitSet.valueOf(new long[] {number & 0x7f});
    }

    @Test
    void hiddenRowsAreHiddenFromReadersOnlyUntilTheyAreShown() throws IOException {
        publish(directory, longs("a"), PLAIN, 1, 5, 1);
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run2"))) {
            store.hide(key -> key.equals(key(2)) || key.equals(key(9)));
            assertThat(all(store)).as("a run sees all rows").hasSize(4);
        }
        try (TableStore store = TableOpening.openReadOnly(directory, false)) {
            assertThat(all(store)).containsOnlyKeys(1L, 3L, 4L);
            assertThat(store.rowCount()).isEqualTo(3);
            assertThat(store.hiddenCount()).isEqualTo(1);
        }
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
            assertThat(store.readKeys().columns(key(2))).isEqualTo(bits(0));
            store.showAll();
        }
        try (TableStore store = TableOpening.openReadOnly(directory, false)) {
            assertThat(all(store)).hasSize(4);
        }
    }

    @Test
    void rowsThatAreNotRetainedAreDeleted() throws IOException {
        publish(directory, longs("a"), PLAIN, 1, 5, 1);
        publish(directory, longs("a"), options("run2"), 5, 7, 1);
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
            store.retain(key -> !key.equals(key(2)) && !key.equals(key(5)) && !key.equals(key(6)));
            assertThat(all(store)).containsOnlyKeys(1L, 3L, 4L);
        }
        try (TableStore store = TableOpening.openReadOnly(directory, false)) {
            assertThat(all(store)).containsOnlyKeys(1L, 3L, 4L);
        }
    }
}
