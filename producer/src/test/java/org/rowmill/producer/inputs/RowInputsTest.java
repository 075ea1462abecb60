package org.rowmill.producer.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.options.ChangedInputs;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;

/** Rows whose index names files. Each {@code run} is one run over the same index. */
class RowInputsTest {

    private static final Instant LATER = Instant.parse("2026-11-29T12:00:00Z");
    private static final TableSchema ONE = schema(Scalar.PATH);
    private static final TableSchema TWO = schema(Scalar.PATH, Scalar.INT, Scalar.PATH);

    @TempDir
    private Path root;

    private final Set<List<Object>> stored = new HashSet<>();
    private List<String> warnings = List.of();

    private static TableSchema schema(Scalar... types) {
        List<TableSchema.IndexField> fields = new ArrayList<>();
        for (Scalar type : types) {
            fields.add(new TableSchema.IndexField("i" + fields.size(), type));
        }
        return new TableSchema("T", fields, List.of());
    }

    @BeforeEach
    void writeFiles() throws IOException {
        write("a", "old");
        write("b", "old");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(root.resolve(name), content);
    }

    private static IndexKey key(List<Object> index) {
        return new IndexKey(index.hashCode() * 31L, index.hashCode() * 0x9E3779B97F4A7C15L);
    }

    private RowInputs open(TableSchema schema, ChangedInputs policy) throws IOException {
        return RowInputs.open(root, root, schema, policy, true);
    }

    /** Runs to the end, and returns the rows that were computed again. */
    @SafeVarargs
    private Set<List<Object>> run(TableSchema schema, ChangedInputs policy, List<Object>... rows) throws IOException {
        Set<List<Object>> again = new HashSet<>();
        try (RowInputs inputs = open(schema, policy)) {
            for (List<Object> row : rows) {
                if (inputs.mustRecompute(key(row), row, stored.contains(row))) {
                    inputs.willReplace(key(row));
                    again.add(row);
                }
                stored.add(row);
            }
            again.forEach(row -> inputs.stored(List.of(key(row))));
            warnings = inputs.warnings("T");
        }
        return again;
    }

    private Set<List<Object>> run(ChangedInputs policy) throws IOException {
        return run(ONE, policy, List.of("a"), List.of("b"));
    }

    @Nested
    class ChangedContent {

        @Test
        void isWarnedAboutInEachRunUntilTheRowIsComputedAgain() throws IOException {
            run(ChangedInputs.WARN);
            write("a", "newer");
            for (int i = 0; i < 2; i++) {
                assertThat(run(ChangedInputs.WARN)).isEmpty();
                assertThat(warnings)
                        .containsExactly(
                                "Table T: the files of 1 row (a) have changed since their values were computed;"
                                        + " the values are kept. To compute such rows again: --changed-inputs recompute");
            }
            assertThat(run(ChangedInputs.RECOMPUTE)).containsExactly(List.of("a"));
            assertThat(warnings).singleElement().asString().endsWith("they are computed again");
            assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
            assertThat(run(ChangedInputs.WARN)).isEmpty();
            assertThat(warnings).isEmpty();
        }

        @Test
        void isNoticedThoughSizeAndTimeDifferOnlyInOne() throws IOException {
            run(ChangedInputs.RECOMPUTE);
            FileTime before = Files.getLastModifiedTime(root.resolve("a"));
            write("a", "another size");
            Files.setLastModifiedTime(root.resolve("a"), before);
            write("b", "odd");
            Files.setLastModifiedTime(root.resolve("b"), FileTime.from(LATER));
            assertThat(run(ChangedInputs.RECOMPUTE)).containsExactlyInAnyOrder(List.of("a"), List.of("b"));
        }

        @Test
        void isNotLookedForIfItIsIgnored() throws IOException {
            run(ChangedInputs.IGNORE);
            assertThat(root.resolve(StateFile.NAME)).doesNotExist();
            run(ChangedInputs.WARN);
            write("a", "newer");
            assertThat(run(ChangedInputs.IGNORE)).isEmpty();
            assertThat(warnings).isEmpty();
        }

        @Test
        void aRowOfAnEarlierVersionIsTakenAsItIs() throws IOException {
            stored.add(List.of("a"));
            assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
            write("a", "newer");
            assertThat(run(ChangedInputs.RECOMPUTE)).containsExactly(List.of("a"));
        }

        @Test
        void ofARowThatARunComputesWhollyForAnotherReasonNeedsNoFurtherRun() throws IOException {
            run(ChangedInputs.WARN);
            write("a", "newer");
            try (RowInputs inputs = open(ONE, ChangedInputs.WARN)) {
                assertThat(inputs.mustRecompute(key(List.of("a")), List.of("a"), true))
                        .isFalse();
                inputs.willReplace(key(List.of("a")));
                inputs.stored(List.of(key(List.of("a"))));
                assertThat(inputs.warnings("T")).isEmpty();
            }
            assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
        }
    }

    @Test
    void aTouchedFileIsNotComputedAgain() throws IOException {
        run(ChangedInputs.WARN);
        Files.setLastModifiedTime(root.resolve("a"), FileTime.from(LATER));
        assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
        assertThat(warnings).isEmpty();
        Files.delete(root.resolve("a"));
        write("a", "old");
        assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
    }

    @Test
    void aRowThatAKilledRunWasComputingAgainIsComputedByTheNextOneEvenIfTheFileIsRestored() throws IOException {
        run(ChangedInputs.RECOMPUTE);
        write("a", "newer");
        try (RowInputs inputs = open(ONE, ChangedInputs.RECOMPUTE)) {
            assertThat(inputs.mustRecompute(key(List.of("a")), List.of("a"), true))
                    .isTrue();
            inputs.willReplace(key(List.of("a")));
        }
        write("a", "old");
        assertThat(run(ChangedInputs.RECOMPUTE)).containsExactly(List.of("a"));
        assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
    }

    @Test
    void pathsThatAreDirectoriesOrThatRowsCreateAreNotCompared() throws IOException {
        Files.createDirectory(root.resolve("directory"));
        List<Object> directory = List.of("directory");
        List<Object> output = List.of("output");
        run(ONE, ChangedInputs.RECOMPUTE, directory, output);
        write("directory/new", "1");
        write("output", "1");
        assertThat(run(ONE, ChangedInputs.RECOMPUTE, directory, output)).isEmpty();
        write("output", "22");
        assertThat(run(ONE, ChangedInputs.RECOMPUTE, directory, output)).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsWarnedAbout() throws IOException {
        run(ChangedInputs.RECOMPUTE);
        Files.delete(root.resolve("b"));
        assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
        assertThat(warnings)
                .containsExactly("Table T: the files of 1 row (b) do not exist any more, although index() lists them;"
                        + " the values are kept");
    }

    @Test
    void eachPathOfARecordIsCompared() throws IOException {
        List<Object> row = List.of("a", 1, "b");
        List<Object> other = List.of("a", 1, "none");
        run(TWO, ChangedInputs.RECOMPUTE, row, other);
        write("b", "newer");
        write("none", "created by the row");
        assertThat(run(TWO, ChangedInputs.RECOMPUTE, row, other)).containsExactly(row);
        assertThat(run(TWO, ChangedInputs.RECOMPUTE, row, other)).isEmpty();
    }

    @Test
    void anIndexWithoutPathsNeedsNoFile() throws IOException {
        List<Object> row = List.of(1);
        run(schema(Scalar.INT), ChangedInputs.RECOMPUTE, row);
        assertThat(run(schema(Scalar.INT), ChangedInputs.RECOMPUTE, row)).isEmpty();
        assertThat(root.resolve(StateFile.NAME)).doesNotExist();
    }

    @Test
    void whatFollowsADamagedRecordIsForgottenAndAForeignFileIsReplaced() throws IOException {
        run(ChangedInputs.RECOMPUTE);
        Files.write(root.resolve(StateFile.NAME), new byte[17], StandardOpenOption.APPEND);
        write("a", "newer");
        assertThat(run(ChangedInputs.RECOMPUTE)).containsExactly(List.of("a"));
        assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
        Files.writeString(root.resolve(StateFile.NAME), "something else that is long enough");
        assertThat(run(ChangedInputs.RECOMPUTE)).isEmpty();
        write("a", "newest");
        assertThat(run(ChangedInputs.RECOMPUTE)).containsExactly(List.of("a"));
    }

    @Test
    void manyRowsAreKeptAndTheFileIsShortened() throws IOException {
        int rows = 3_000;
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(List.of("dir/" + i));
        }
        for (int run = 0; run < 4; run++) {
            stored.clear(); // each run writes each state
            try (RowInputs inputs = open(ONE, ChangedInputs.WARN)) {
                all.forEach(row -> inputs.mustRecompute(key(row), row, false));
            }
        }
        assertThat(Files.size(root.resolve(StateFile.NAME))).isLessThan(3L * rows * 36 + 100);
        StateTable read = new StateTable(1);
        StateFile.read(root.resolve(StateFile.NAME), 1, read);
        assertThat(read.size()).isEqualTo(rows);
        assertThat(all).allSatisfy(row -> assertThat(read.get(key(row))).hasSize(1));
    }
}
