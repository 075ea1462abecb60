package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import static org.rowmill.store.Stores.values;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.CodeHash;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.parts.ChangedCode;
import org.rowmill.store.parts.StoreOptions;

/** A table whose class was changed after its rows were stored. */
class TableStoreColumnsTest {

    @TempDir
    Path directory;

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
            store.compact(key -> false);
            assertThat(all(store))
                    .isEqualTo(Map.of(1L, List.of(1L, 1L), 2L, List.of(2L, 2L), 3L, List.of(3L, "absent")));
        }
    }

    @Test
    void aColumnOfAnotherTypeIsRefused() throws IOException {
        publish(directory, longs("a", "b"), PLAIN, 1, 3, 1);
        TableSchema otherTypes = schema(column("a", Scalar.DOUBLE), column("b", Scalar.STRING));
        assertThatThrownBy(() -> TableOpening.open(directory, otherTypes, options("run2")))
                .isInstanceOfSatisfying(
                        WrongInput.class,
                        e -> assertThat(e.faults())
                                .containsExactly(
                                        directory
                                                + ": column a is stored as long, but the class now computes double. To"
                                                + " replace the stored values, add --recompute a; to keep them, rename"
                                                + " the column",
                                        directory
                                                + ": column b is stored as long, but the class now computes string. To"
                                                + " replace the stored values, add --recompute b; to keep them, rename"
                                                + " the column"));
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
                "Samples", List.of(new TableSchema.IndexField("file", Scalar.PATH)), List.of(column("a", Scalar.LONG)));
        assertThatThrownBy(() -> TableOpening.open(directory, other, options("run2")))
                .isInstanceOf(WrongInput.class)
                .hasMessage(directory + ": rows are stored by the index (index long), but the class now has (file"
                        + " path). Move the directory away, or compute elsewhere with --output DIR");
    }

    @Test
    void recomputedValuesAreValidIfThisRunComputedThem() throws IOException {
        publish(directory, longs("a", "b"), PLAIN, 1, 3, 1);
        try (TableStore store = TableOpening.open(directory, longs("a", "b"), recompute("run2", "b"));
                PartWriter writer = store.writer()) {
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0));
            writer.add(index(1), Map.of(1, 100L));
            writer.publish();
            assertThat(all(store)).isEqualTo(Map.of(1L, List.of(1L, 100L), 2L, List.of(2L, "absent")));
            store.compact(key -> false);
            assertThat(all(store)).isEqualTo(Map.of(1L, List.of(1L, 100L), 2L, List.of(2L, "absent")));
        }
    }

    @Test
    void valuesOfAnOldVersionAreKeptButNotValid() throws IOException {
        publish(directory, longs("a"), PLAIN, 1, 3, 1);
        TableSchema raised = schema(column("a", Scalar.LONG, 2));
        try (TableStore store = TableOpening.open(directory, raised, options("run2"));
                PartWriter writer = store.writer()) {
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits());
            assertThat(store.readKeys().contains(key(1))).isTrue();
            writer.add(index(1), values(100L));
            writer.publish();
            store.compact(key -> false);
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
                    .containsExactly("Table Samples: the code of a, c has changed since stored values were computed;"
                            + " they are kept. To compute them again: --recompute a --recompute c, or raise the"
                            + " column's version");
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1, 2));
        }
    }

    private static TableSchema.ColumnField reaching(String name, String reachable, Map<String, String> files) {
        return new TableSchema.ColumnField(name, Scalar.LONG, 1, new CodeHash("abc", reachable, files));
    }

    private static StoreOptions changedCode(String run, ChangedCode.Policy policy) {
        ChangedCode changed = new ChangedCode(policy, Map.of("b", Set.of("a")));
        return new StoreOptions(false, Set.of(), StoreOptions.Limit.NONE, run, "c0de", changed);
    }

    @Test
    void whatAColumnReachesIsStoredAndComparedAndColumnsThatNeedItAreNotNamed() throws IOException {
        TableSchema stored = schema(
                reaching("a", "r1", Map.of("x", "1", "y", "1")),
                reaching("b", "r2", Map.of()),
                reaching("c", "r3", Map.of()));
        publish(directory, stored, PLAIN, 1, 3, 1);
        TableSchema changed = schema(
                reaching("a", "r1", Map.of("x", "2", "y", "1", "new", "1")),
                reaching("b", "r4", Map.of()),
                reaching("c", "r3", Map.of("new", "1")));
        try (TableStore store = TableOpening.open(directory, changed, changedCode("run2", ChangedCode.Policy.WARN))) {
            assertThat(store.warnings())
                    .containsExactly("Table Samples: the code of a has changed since stored values were computed"
                            + " (changed files: x); they are kept. To compute them again: --recompute a, or raise the"
                            + " column's version");
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1, 2));
        }
        assertThatThrownBy(() -> TableOpening.open(directory, changed, changedCode("run2", ChangedCode.Policy.REFUSE)))
                .isInstanceOf(WrongInput.class)
                .hasMessageContainingAll("the code of a has changed", "--recompute a", "--changed-code warn");
    }

    @Test
    void valuesOfChangedCodeAreReplacedAndStayUntilThen() throws IOException {
        publish(
                directory,
                schema(reaching("a", "r1", Map.of()), column("b", Scalar.LONG), reaching("c", "r3", Map.of())),
                PLAIN,
                1,
                3,
                1);
        TableSchema changed =
                schema(reaching("a", "r2", Map.of()), reaching("b", "r4", Map.of()), reaching("c", "r3", Map.of()));
        StoreOptions recompute = changedCode("run2", ChangedCode.Policy.RECOMPUTE);
        try (TableStore store = TableOpening.open(directory, changed, recompute);
                PartWriter writer = store.writer()) {
            assertThat(store.readKeys().columns(key(1))).as("b needs a").isEqualTo(bits(2));
            writer.add(index(1), values(100L, 200L));
            writer.publish();
            store.compact(key -> false);
        }
        try (TableStore store = TableOpening.open(directory, changed, recompute)) {
            assertThat(store.readKeys().columns(key(1))).isEqualTo(bits(0, 1, 2));
            assertThat(store.readKeys().columns(key(2))).as("not computed yet").isEqualTo(bits(2));
        }
        try (TableStore store = TableOpening.open(directory, changed, changedCode("run3", ChangedCode.Policy.WARN))) {
            assertThat(all(store)).containsEntry(2L, List.of(2L, 2L, 2L));
        }
    }
}
