package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.PLAIN;
import static org.rowmill.store.Stores.all;
import static org.rowmill.store.Stores.bits;
import static org.rowmill.store.Stores.column;
import static org.rowmill.store.Stores.index;
import static org.rowmill.store.Stores.key;
import static org.rowmill.store.Stores.longs;
import static org.rowmill.store.Stores.options;
import static org.rowmill.store.Stores.publish;
import static org.rowmill.store.Stores.recompute;
import static org.rowmill.store.Stores.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.TableStore.Coverage;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.parts.ChangedCode;
import org.rowmill.store.parts.StoreOptions;
import org.rowmill.store.recompute.RecomputeRequest;

/** A request to compute columns again is part of the table until every row has its new values. */
class TableStoreRecomputeTest {

    private static final TableSchema SCHEMA = longs("a", "b");

    @TempDir
    Path parent;

    private Path directory = Path.of("");

    @BeforeEach
    void nameDirectory() {
        directory = parent.resolve("Samples");
    }

    /** Computes column b of rows in a run that then ends without compaction, as if it were killed. */
    private void killed(StoreOptions options, long from, long to, long factor) throws IOException {
        try (TableStore store = TableOpening.open(directory, SCHEMA, options);
                PartWriter writer = store.writer()) {
            store.readKeys();
            store.compactEarlierRuns();
            for (long i = from; i < to; i++) {
                writer.add(index(i), Map.of(1, i * factor));
            }
            writer.publish();
        }
    }

    private List<List<Object>> seen() {
        return DuckDb.query(directory, "SELECT \"index\", b FROM $ ORDER BY 1");
    }

    @Test
    void theNextRunFinishesIt() throws IOException {
        publish(directory, SCHEMA, PLAIN, 0, 4, 1);
        killed(recompute("run2", "b"), 0, 2, 10);
        assertThat(seen()).containsExactly(List.of(0L, 0L), List.of(1L, 1L), List.of(2L, 2L), List.of(3L, 3L));
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run3"))) {
            assertThat(store.requests()).singleElement().satisfies(request -> {
                assertThat(request.columns()).containsExactly("b");
                assertThat(request.run()).isEqualTo("run2");
            });
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1));
            assertThat(store.readKeys().columns(key(2))).isEqualTo(bits(0));
            store.compact(key -> false, Coverage.SOME_ROWS, OptionalLong.empty());
        }
        assertThat(seen()).contains(List.of(1L, 1L));
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run4"));
                PartWriter writer = store.writer()) {
            store.readKeys();
            writer.add(index(2), Map.of(1, 20L));
            writer.add(index(3), Map.of(1, 30L));
            writer.publish();
            store.compact(key -> false);
        }
        assertThat(seen()).containsExactly(List.of(0L, 0L), List.of(1L, 10L), List.of(2L, 20L), List.of(3L, 30L));
        assertThat(files()).isEmpty();
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run5"))) {
            assertThat(store.requests()).isEmpty();
            assertThat(store.readKeys().columns(key(3))).isEqualTo(bits(0, 1));
        }
    }

    private List<Path> files() throws IOException {
        return Stores.files(directory.resolve("_pending"), "");
    }

    @Test
    void aRowThatFailsKeepsItsOldValueAndIsComputedAgain() throws IOException {
        publish(directory, SCHEMA, PLAIN, 0, 3, 1);
        try (TableStore store = TableOpening.open(directory, SCHEMA, recompute("run2", "b"));
                PartWriter writer = store.writer()) {
            store.readKeys();
            writer.add(index(0), Map.of(1, 100L));
            writer.add(index(1), Map.of(1, 101L));
            writer.addFailed(new FailedRow(index(2), "b", "E", "no", "", "head", 1), true);
            writer.publish();
            store.compact(key -> false);
        }
        assertThat(seen()).containsExactly(List.of(0L, 100L), List.of(1L, 101L), List.of(2L, 2L));
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run3"))) {
            assertThat(store.requests()).hasSize(1);
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1));
            assertThat(store.readKeys().columns(key(2))).isEqualTo(bits(0));
            assertThat(all(store)).containsEntry(2L, List.of(2L, "absent"));
            assertThat(store.parts()).hasSize(1);
        }
        assertThat(TableChecker.check(directory, false).faults()).isEmpty();
    }

    @Test
    void aNewRequestBeginsAgain() throws IOException {
        publish(directory, SCHEMA, PLAIN, 0, 2, 1);
        killed(recompute("run2", "b"), 0, 1, 10);
        killed(recompute("run3", "b"), 1, 2, 20);
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run4"))) {
            assertThat(store.requests()).extracting(RecomputeRequest::run).containsExactly("run3");
            assertThat(store.readKeys().columns(key(0))).isEqualTo(bits(0));
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1));
        }
    }

    @Test
    void aRequestForOneRowChangesNoOther() throws IOException {
        publish(directory, SCHEMA, PLAIN, 0, 3, 1);
        StoreOptions.Limit limit = new StoreOptions.Limit(Optional.of("1"), OptionalLong.empty());
        StoreOptions only = new StoreOptions(false, Set.of("b"), limit, "run2", "c0de", ChangedCode.WARN);
        TableOpening.open(directory, SCHEMA, only).close(); // killed at once
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run3"));
                PartWriter writer = store.writer()) {
            for (long i = 0; i < 3; i++) {
                BitSet columns = store.readKeys().columns(key(i));
                String text = Long.toString(i);
                store.requestProgress().choose(key(i), columns, () -> text, i);
                assertThat(columns).as("row %d", i).isEqualTo(i == 1 ? bits(0) : bits(0, 1));
            }
            writer.add(index(1), Map.of(1, 100L));
            writer.publish();
            store.compact(key -> false, Coverage.PLANNED_ROWS, OptionalLong.empty());
            assertThat(seen()).containsExactly(List.of(0L, 0L), List.of(1L, 100L), List.of(2L, 2L));
        }
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run4"))) {
            assertThat(store.requests()).isEmpty();
        }
    }

    @Test
    void aColumnOfAnotherTypeKeepsItsOldValuesUntilAllAreNew() throws IOException {
        publish(directory, SCHEMA, PLAIN, 0, 2, 1);
        TableSchema texts = schema(column("a", Scalar.LONG), column("b", Scalar.STRING));
        try (TableStore store = TableOpening.open(directory, texts, recompute("run2", "b"));
                PartWriter writer = store.writer()) {
            writer.add(index(0), Map.of(1, "zero"));
            writer.publish();
        }
        assertThat(seen()).containsExactly(List.of(0L, 0L), List.of(1L, 1L));
        try (TableStore store = TableOpening.open(directory, texts, options("run3"));
                PartWriter writer = store.writer()) {
            store.readKeys();
            writer.add(index(1), Map.of(1, "one"));
            writer.publish();
            store.compact(key -> false);
        }
        assertThat(seen()).containsExactly(List.of(0L, "zero"), List.of(1L, "one"));
    }

    @Test
    void anInterruptedAdditionOfAColumnIsSeenAfterTheNextStart() throws IOException {
        publish(directory, longs("a"), PLAIN, 0, 3, 1);
        killed(options("run2"), 0, 2, 10);
        assertThat(DuckDb.query(directory, "SELECT * FROM $ ORDER BY 1").get(0)).hasSize(2);
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run3"))) {
            store.readKeys();
            store.compactEarlierRuns();
        }
        assertThat(seen()).containsExactly(List.of(0L, 0L), List.of(1L, 10L), Arrays.asList(2L, null));
        assertThat(files()).isEmpty();
    }

    @Test
    void rowsCanBeRemoved() throws IOException {
        publish(directory, SCHEMA, PLAIN, 0, 4, 1);
        publish(directory, SCHEMA, options("run2"), 4, 6, 1);
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run3"))) {
            store.readKeys();
            store.retain(key -> !Set.of(key(1), key(4), key(5)).contains(key));
            assertThat(all(store)).containsOnlyKeys(0L, 2L, 3L);
        }
        assertThat(seen()).hasSize(3);
        assertThat(Stores.files(directory, ".parquet")).hasSize(1);
        try (TableStore store = TableOpening.open(directory, SCHEMA, options("run4"))) {
            store.readKeys();
            store.retain(key -> false);
        }
        assertThat(seen()).isEmpty();
        assertThat(Stores.files(directory, ".parquet")).hasSize(1);
        assertThat(Files.exists(directory.resolve("_pending"))).isTrue();
    }
}
