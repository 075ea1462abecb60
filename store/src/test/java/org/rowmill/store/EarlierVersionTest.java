package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.journal.PartWriter;

/** A table that an earlier version of Rowmill wrote; README.md beside it says how. */
class EarlierVersionTest {

    private static final Path STORED = Path.of("src/test/resources/org/rowmill/store/earlier-version/Written");
    private static final List<String> COLUMNS = List.of(
            "flag",
            "number",
            "big",
            "single",
            "real",
            "text",
            "color",
            "path",
            "bytes",
            "instant",
            "date",
            "duration",
            "decimal",
            "list",
            "map",
            "nested",
            "slow");
    private static final int FAILED = 5;
    private static final int ROWS_WITHOUT_JOURNAL = 6;
    private static final int ROWS = 8;

    @TempDir
    private Path directory;

    private Path table = Path.of("");

    @BeforeEach
    void copyTable() throws IOException {
        table = directory.resolve("Written");
        try (Stream<Path> files = Files.walk(STORED)) {
            for (Path file : files.toList()) {
                Files.copy(file, table.resolve(STORED.relativize(file).toString()));
            }
        }
    }

    private static List<@Nullable Object> values(int index) {
        return new ArrayList<>(Arrays.asList(
                index == FAILED ? "absent" : (Object) (index % 2 == 0),
                -index,
                1L << 40 | index,
                index / 4f,
                index == 0 ? Double.NaN : 1.0 / index,
                index == 0 ? null : "text ä " + index,
                index % 2 == 0 ? "RED" : "GREEN",
                "data/" + index + ".txt",
                new byte[] {0, (byte) index, -1},
                Instant.ofEpochSecond(1_700_000_000L + index, 123_456_000),
                LocalDate.of(2024, 2, 29).plusDays(index),
                Duration.ofNanos(-index),
                new BigDecimal("-12345678901234567890.5")
                        .add(BigDecimal.valueOf(index))
                        .setScale(18),
                index == 0 ? List.of() : Arrays.asList(1.5, null, (double) index),
                index == 0 ? Map.of() : Map.of("k", (long) index),
                List.of(List.of(index), List.of()),
                (long) index));
    }

    private static void hasRows(TableStore store, int count) {
        Map<Object, List<@Nullable Object>> rows = new TreeMap<>(Stores.all(store));
        assertThat(rows).hasSize(count);
        rows.forEach((index, row) -> assertThat(row.toArray())
                .as("row %s", index)
                .isEqualTo(values((int) index).toArray()));
    }

    @Test
    void itsRowsAndFailuresAreRead() {
        try (TableStore store = TableOpening.openToPlan(table, storedSchema(), Stores.options("run2"));
                Stream<FailedRow> failed = store.failedRows()) {
            assertThat(store.schema()).isEqualTo(storedSchema());
            hasRows(store, ROWS_WITHOUT_JOURNAL);
            assertThat(failed).singleElement().satisfies(row -> {
                assertThat(row.index()).containsExactly(FAILED);
                assertThat(row.columns()).isEqualTo("flag");
                assertThat(row.errorClass()).isEqualTo("java.lang.IllegalStateException");
                assertThat(row.message()).isEqualTo("no flag for 5");
            });
        }
    }

    @Test
    void itsJournalIsReplayed() {
        try (TableStore store = TableOpening.open(table, storedSchema(), Stores.options("run2"))) {
            assertThat(store.warnings()).isEmpty();
            assertThat(store.notes()).singleElement().asString().contains("recovered 2 rows from the journal");
            hasRows(store, ROWS);
        }
    }

    @Test
    void itIsExtendedAndCompacted() throws IOException {
        List<TableSchema.ColumnField> columns = new ArrayList<>(storedSchema().columns());
        columns.add(Stores.column("added", Scalar.LONG));
        TableSchema extended = new TableSchema("Written", storedSchema().index(), columns);
        try (TableStore store = TableOpening.open(table, extended, Stores.options("run2"));
                PartWriter writer = store.writer()) {
            for (int i = 0; i < ROWS; i++) {
                writer.add(List.of(i), Map.of(COLUMNS.size(), 10L * i));
            }
            writer.add(List.of(FAILED), Map.of(0, false));
            writer.publish();
            store.compact(key -> true);
        }

        TableChecker.Result checked = TableChecker.check(table, false);
        assertThat(checked.faults()).isEmpty();
        assertThat(checked.summary()).contains(": 8 rows in ", ", 0 failed rows in 0 parts: no faults");
        try (TableStore store = TableOpening.openToPlan(table, extended, Stores.options("run3"))) {
            Map<Object, List<@Nullable Object>> rows = Stores.all(store);
            for (int i = 0; i < ROWS; i++) {
                List<@Nullable Object> expected = values(i);
                if (i == FAILED) {
                    expected.set(0, false);
                }
                expected.add(10L * i);
                List<@Nullable Object> row = rows.get(i);
                assertThat(row).as("row %d", i).isNotNull();
                assertThat(row.toArray()).as("row %d", i).isEqualTo(expected.toArray());
            }
            assertThat(store.parts()).extracting(PartInfo::run).containsOnly("run2");
        }
    }

    /** Returns the columns in the order of the class. Without the class, their order depends on the parts. */
    private TableSchema storedSchema() {
        try (TableStore store = TableOpening.openReadOnly(table, false)) {
            TableSchema stored = store.schema();
            assertThat(stored.columns())
                    .extracting(TableSchema.ColumnField::name)
                    .containsExactlyInAnyOrderElementsOf(COLUMNS);
            List<TableSchema.ColumnField> columns = COLUMNS.stream()
                    .map(name -> stored.columns().get(stored.columnNumber(name)))
                    .toList();
            return new TableSchema(stored.table(), stored.index(), columns);
        }
    }
}
