package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rowmill.producer.Stores.PLAIN;
import static org.rowmill.producer.Stores.all;
import static org.rowmill.producer.Stores.column;
import static org.rowmill.producer.Stores.failure;
import static org.rowmill.producer.Stores.files;
import static org.rowmill.producer.Stores.index;
import static org.rowmill.producer.Stores.key;
import static org.rowmill.producer.Stores.longs;
import static org.rowmill.producer.Stores.options;
import static org.rowmill.producer.Stores.publish;
import static org.rowmill.producer.Stores.recompute;
import static org.rowmill.producer.Stores.schema;
import static org.rowmill.producer.Stores.values;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.ColumnType.Scalar;
import org.rowmill.schemas.TableSchema;
import org.rowmill.schemas.WrongInput;

class TableStoreTest {

    @TempDir
    Path directory;

    @Nested
    class Publishing {

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
        void nothingToPublishMakesNoPart() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 0, 1);
            assertThat(files(directory, ".parquet")).isEmpty();
        }

        @Test
        void unpublishedRowsAreDroppedByClose() throws IOException {
            try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                    PartWriter writer = store.writer()) {
                writer.add(index(1), values(1L));
                assertThat(writer.rows()).isEqualTo(1);
            }
            assertThat(files(directory, "")).extracting(Path::getFileName).containsExactly(Path.of(".lock"));
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
        void partsAreNumberedOnAndTellOfTheirRun() throws IOException {
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
                assertThat(parts.get(0).bytes())
                        .isEqualTo(Files.size(parts.get(0).file()));
            }
        }
    }

    @Nested
    class ColumnsThatChange {

        @Test
        void anAddedColumnIsAbsentUntilItIsComputed() throws IOException {
            publish(directory, longs("a"), PLAIN, 1, 3, 1);
            try (TableStore store = TableOpening.open(directory, longs("b", "a"), options("run2"));
                    PartWriter writer = store.writer()) {
                assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(1));
                writer.add(index(1), Map.of(0, 10L));
                writer.publish();
                assertThat(all(store)).isEqualTo(Map.of(1L, List.of(10L, 1L), 2L, List.of("absent", 2L)));
                assertThat(store.rowCount()).isEqualTo(2);
            }
        }

        @Test
        void aRemovedColumnStaysReadable() throws IOException {
            publish(directory, longs("a", "b"), PLAIN, 1, 3, 1);
            try (TableStore store = TableOpening.open(directory, longs("b"), options("run2"));
                    PartWriter writer = store.writer()) {
                assertThat(store.schema().columns())
                        .extracting(TableSchema.ColumnField::name)
                        .containsExactly("b", "a");
                assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0));
                writer.add(index(3), values(3L));
                writer.publish();
                store.settle(key -> false);
                assertThat(all(store))
                        .isEqualTo(Map.of(1L, List.of(1L, 1L), 2L, List.of(2L, 2L), 3L, List.of(3L, "absent")));
            }
        }

        @Test
        void aColumnOfAnotherTypeIsRefused() throws IOException {
            publish(directory, longs("a", "b"), PLAIN, 1, 3, 1);
            TableSchema doubles = schema(column("a", Scalar.DOUBLE), column("b", Scalar.STRING));
            assertThatThrownBy(() -> TableOpening.open(directory, doubles, options("run2")))
                    .isInstanceOfSatisfying(
                            WrongInput.class,
                            e -> assertThat(e.faults())
                                    .containsExactly(
                                            directory
                                                    + ": column a is stored as long, but the class now computes double."
                                                    + " --recompute a computes it again in place of what is stored; another"
                                                    + " column name keeps both",
                                            directory
                                                    + ": column b is stored as long, but the class now computes string."
                                                    + " --recompute b computes it again in place of what is stored; another"
                                                    + " column name keeps both"));
            TableOpening.open(directory, longs("a", "b"), PLAIN).close();
        }

        @Test
        void aColumnOfAnotherTypeCanBeRecomputed() throws IOException {
            publish(directory, longs("a", "b"), PLAIN, 1, 3, 1);
            TableSchema texts = schema(column("a", Scalar.STRING), column("b", Scalar.LONG));
            try (TableStore store = TableOpening.open(directory, texts, recompute("run2", "a"));
                    PartWriter writer = store.writer()) {
                assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(1));
                writer.add(index(1), values("one"));
                writer.publish();
                assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1));
            }
            try (TableStore store = TableOpening.open(directory, texts, options("run3"))) {
                assertThat(all(store)).isEqualTo(Map.of(1L, List.of("one", 1L), 2L, List.of("absent", 2L)));
                assertThat(store.readKeys().columns(key(2))).isEqualTo(bits(1));
            }
        }

        @Test
        void anotherIndexIsRefused() throws IOException {
            publish(directory, longs("a"), PLAIN, 1, 3, 1);
            TableSchema other = new TableSchema(
                    "Samples",
                    List.of(new TableSchema.IndexField("file", Scalar.PATH)),
                    List.of(column("a", Scalar.LONG)));
            assertThatThrownBy(() -> TableOpening.open(directory, other, options("run2")))
                    .isInstanceOf(WrongInput.class)
                    .hasMessage(directory + ": rows are stored by the index (index long), but the class now has (file"
                            + " path). Move the directory away, or compute elsewhere by --output DIR");
        }

        @Test
        void recomputedColumnsCountWhenThisRunComputedThem() throws IOException {
            publish(directory, longs("a", "b"), PLAIN, 1, 3, 1);
            try (TableStore store = TableOpening.open(directory, longs("a", "b"), recompute("run2", "b"));
                    PartWriter writer = store.writer()) {
                assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0));
                writer.add(index(1), Map.of(1, 100L));
                writer.publish();
                assertThat(all(store)).isEqualTo(Map.of(1L, List.of(1L, 100L), 2L, List.of(2L, "absent")));
                store.settle(key -> false);
                assertThat(all(store)).isEqualTo(Map.of(1L, List.of(1L, 100L), 2L, List.of(2L, "absent")));
            }
        }

        @Test
        void aRaisedVersionNoLongerCountsButIsKept() throws IOException {
            publish(directory, longs("a"), PLAIN, 1, 3, 1);
            TableSchema raised = schema(column("a", Scalar.LONG, 2));
            try (TableStore store = TableOpening.open(directory, raised, options("run2"));
                    PartWriter writer = store.writer()) {
                assertThat(store.readKeys().columns(key(1))).isEqualTo(bits());
                assertThat(store.readKeys().contains(key(1))).isTrue();
                writer.add(index(1), values(100L));
                writer.publish();
                store.settle(key -> false);
                assertThat(all(store)).isEqualTo(Map.of(1L, List.of(100L), 2L, List.of("absent")));
            }
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
                assertThat(all(store)).isEqualTo(Map.of(1L, List.of("absent"), 2L, List.of(2L)));
            }
        }

        @Test
        void changedCodeGivesOneWarning() throws IOException {
            publish(directory, longs("a", "b", "c"), PLAIN, 1, 3, 1);
            TableSchema changed = schema(
                    new TableSchema.ColumnField("a", Scalar.LONG, 1, "other"),
                    column("b", Scalar.LONG),
                    new TableSchema.ColumnField("c", Scalar.LONG, 1, "other"));
            try (TableStore store = TableOpening.open(directory, changed, options("run2"))) {
                assertThat(store.warnings())
                        .containsExactly(
                                "Table Samples: the code of a, c has changed since stored values were computed;"
                                        + " they are kept. To compute them again: --recompute a --recompute c, or raise the"
                                        + " column's version");
                assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1, 2));
            }
        }
    }

    @Nested
    class Merging {

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
        void onlyTheColumnsAskedForAreRead() throws IOException {
            publish(directory, longs("a", "b"), PLAIN, 5, 6, 1);
            try (TableStore store = TableOpening.openReadOnly(directory, false);
                    Stream<StoredRow> some = store.rows(Set.of("b"), false);
                    Stream<StoredRow> none = store.rows(Set.of(), false)) {
                assertThat(some.toList().get(0).values()).containsExactly(null, 5L);
                StoredRow bare = none.toList().get(0);
                assertThat(bare.index()).containsExactly(5L);
                assertThat(bare.present().isEmpty()).isTrue();
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
        void everyTypeSurvivesBeingSetAside() throws IOException {
            TableSchema before = schema(StoredTypesTest.columns());
            TableSchema after =
                    schema(Stream.concat(before.columns().stream(), Stream.of(column("more", Scalar.STRING)))
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
                store.settle(key -> false);
                assertThat(store.parts()).hasSize(1);
                assertThat(store.rowCount()).isEqualTo(rows);
            }
        }
    }

    @Nested
    class Settling {

        @Test
        void eachRowStandsInOnePartAfterwards() throws IOException, SQLException {
            publish(directory, longs("a"), PLAIN, 0, 100, 1);
            publish(directory, longs("a"), options("run2"), 100, 200, 1);
            try (TableStore store = TableOpening.open(directory, longs("a", "b"), options("run3"));
                    PartWriter writer = store.writer()) {
                for (long i = 0; i < 100; i++) {
                    writer.add(index(i), Map.of(1, i));
                }
                writer.publish();
                Map<Object, List<Object>> before = all(store);
                store.settle(key -> false);
                assertThat(all(store)).isEqualTo(before).hasSize(200);
                assertThat(store.parts()).extracting(PartInfo::run).containsOnly("run3");
            }
            assertThat(duckDb("SELECT count(*), count(DISTINCT \"index\"), sum(a), sum(b) FROM"))
                    .isEqualTo("200 200 19900 4950");
        }

        @Test
        void aPartWhoseRowsAreNowhereElseIsLeftAlone() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 100, 1);
            publish(directory, longs("a"), options("run2"), 100, 200, 1);
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"));
                    PartWriter writer = store.writer()) {
                writer.add(index(150), values(0L));
                writer.publish();
                store.settle(key -> false);
                assertThat(store.parts()).extracting(PartInfo::run).containsExactly("run1", "run3");
                assertThat(store.parts()).extracting(PartInfo::rows).containsExactly(100L, 100L);
            }
        }

        @Test
        void manySmallPartsBecomeOne() throws IOException {
            try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                    PartWriter writer = store.writer()) {
                for (int i = 0; i < 101; i++) {
                    Stores.addRows(writer, longs("a"), 10L * i, 10L * i + 10, 3);
                    writer.publish();
                }
                store.settle(key -> false);
                assertThat(store.parts()).extracting(PartInfo::rows).containsExactly(1010L);
                assertThat(all(store)).hasSize(1010).containsEntry(1009L, List.of(3027L));
            }
        }

        @Test
        void duplicatesThatACrashLeftAreResolvedAndRemoved() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 10, 1);
            Path old = files(directory, ".parquet").get(0);
            byte[] bytes = Files.readAllBytes(old);
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run2"));
                    PartWriter writer = store.writer()) {
                writer.add(index(5), values(50L));
                writer.publish();
                store.settle(key -> false);
            }
            Files.write(old, bytes);
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
                assertThat(store.readKeys().count()).isEqualTo(10);
                assertThat(all(store)).hasSize(10).containsEntry(5L, List.of(50L));
                store.settle(key -> false);
                assertThat(store.parts()).hasSize(1);
                assertThat(all(store)).hasSize(10).containsEntry(5L, List.of(50L));
            }
        }

        @Test
        void rowsOfManyDifferentColumnsDoNotMakeAPartEach() throws IOException {
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
                store.settle(key -> false);
                assertThat(store.parts()).hasSize(128);
                assertThat(store.rowCount()).isEqualTo(2000);
                assertThat(store.readKeys().columns(key(127))).isEqualTo(bitsOf(127));
            }
        }

        private BitSet bitsOf(int number) {
            return BitSet.valueOf(new long[] {number & 0x7f});
        }

        private String duckDb(String select) throws SQLException {
            try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = duckDb.createStatement();
                    ResultSet row = statement.executeQuery(select + " '" + directory + "/*.parquet'")) {
                row.next();
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    text.append(i == 1 ? "" : " ").append(row.getString(i));
                }
                return text.toString();
            }
        }
    }

    @Nested
    class FailedRows {

        @Test
        void failuresAreKeptAndTheNewestOfARowIsRead() throws IOException {
            try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                    PartWriter writer = store.writer()) {
                writer.addFailed(failure(1, "old"));
                writer.addFailed(failure(2, "other"));
                writer.publish();
                writer.addFailed(failure(1, "new"));
                assertThat(writer.publish()).allMatch(file -> file.getParent().endsWith("_failed"));
            }
            try (TableStore store = TableOpening.openReadOnly(directory, false);
                    Stream<FailedRow> failed = store.failedRows()) {
                assertThat(failed).containsExactly(failure(1, "new"), failure(2, "other"));
                assertThat(store.readKeys().failed(key(1))).isTrue();
                assertThat(store.readKeys().contains(key(1))).isFalse();
                assertThat(store.rowCount()).isZero();
            }
        }

        @Test
        void resolvedFailuresOfEarlierRunsAreDropped() throws IOException {
            try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                    PartWriter writer = store.writer()) {
                writer.addFailed(failure(1, "first"));
                writer.addFailed(failure(2, "first"));
                writer.addFailed(failure(3, "first"));
                writer.publish();
            }
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run2"));
                    PartWriter writer = store.writer()) {
                writer.add(index(1), values(1L));
                writer.addFailed(failure(2, "again"));
                writer.publish();
                store.settle(Set.of(key(1), key(2))::contains);
                assertThat(store.failedRows()).containsExactly(failure(2, "again"), failure(3, "first"));
                assertThat(files(directory.resolve("_failed"), ".parquet")).hasSize(1);
            }
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
                store.settle(key -> true);
                assertThat(store.failedRows()).isEmpty();
                assertThat(files(directory.resolve("_failed"), ".parquet")).isEmpty();
                assertThat(all(store)).hasSize(1);
            }
        }

        @Test
        void anIndexColumnMayBeCalledMessage() throws IOException {
            TableSchema schema =
                    new TableSchema("Mails", List.of(new TableSchema.IndexField("message", Scalar.STRING)), List.of());
            FailedRow row = new FailedRow(List.of("hello"), "a", "E", "no such mail", "", "head", 1);
            try (TableStore store = TableOpening.open(directory, schema, PLAIN);
                    PartWriter writer = store.writer()) {
                writer.addFailed(row);
                writer.publish();
                assertThat(store.failedRows()).containsExactly(row);
            }
        }
    }

    private static BitSet bits(int... columns) {
        BitSet bits = new BitSet();
        Arrays.stream(columns).forEach(bits::set);
        return bits;
    }
}
