package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.column;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.ColumnType.ListOf;
import org.rowmill.schemas.model.ColumnType.MapOf;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.keys.StoredKeys;

/** Values of every type, read by Rowmill and by DuckDB. */
class StoredTypesTest {

    private static final String UNICODE = "Zażółć gęślą \u0000 jaźń \uD83D\uDE80 \u202E\"',\n";
    private static final String LONG_TEXT = "long text ".repeat(1 << 17).substring(0, 1 << 20);

    /** Type, stored value, and the text that DuckDB shows. */
    private record Sample(
            ColumnType type,
            @Nullable Object value,
            @Nullable String shown) {}

    private static final List<Sample> SAMPLES = List.of(
            new Sample(Scalar.BOOLEAN, true, "true"),
            new Sample(Scalar.BOOLEAN, null, null),
            new Sample(Scalar.INT, Integer.MIN_VALUE, "-2147483648"),
            new Sample(Scalar.LONG, Long.MAX_VALUE, "9223372036854775807"),
            new Sample(Scalar.FLOAT, 0.1f, "0.1"),
            new Sample(Scalar.FLOAT, Float.NEGATIVE_INFINITY, "-inf"),
            new Sample(Scalar.DOUBLE, 0.1, "0.1"),
            new Sample(Scalar.DOUBLE, Double.NaN, "nan"),
            new Sample(Scalar.DOUBLE, Double.POSITIVE_INFINITY, "inf"),
            new Sample(Scalar.DOUBLE, -0.0, "-0.0"),
            new Sample(Scalar.DOUBLE, Double.MIN_VALUE, "5e-324"),
            new Sample(Scalar.DOUBLE, null, null),
            new Sample(Scalar.STRING, UNICODE, UNICODE),
            new Sample(Scalar.STRING, "", ""),
            new Sample(Scalar.STRING, LONG_TEXT, LONG_TEXT),
            new Sample(Scalar.ENUM, "NORTH_WEST", "NORTH_WEST"),
            new Sample(Scalar.PATH, "data/ä b.txt", "data/ä b.txt"),
            new Sample(Scalar.BYTES, new byte[] {0, 'a', -1}, "\\x00a\\xFF"),
            new Sample(Scalar.BYTES, new byte[0], ""),
            new Sample(Scalar.INSTANT, Instant.parse("2026-01-02T03:04:05.678901Z"), "2026-01-02 03:04:05.678901+00"),
            new Sample(Scalar.INSTANT, Instant.parse("1901-12-13T20:45:52Z"), "1901-12-13 20:45:52+00"),
            new Sample(Scalar.DATE, LocalDate.of(2024, 2, 29), "2024-02-29"),
            new Sample(Scalar.DATE, LocalDate.of(1582, 10, 4), "1582-10-04"),
            new Sample(Scalar.DURATION, Duration.ofNanos(-1), "-1"),
            new Sample(
                    Scalar.DECIMAL,
                    new BigDecimal("-12345678901234567890.123456789012345678"),
                    "-12345678901234567890.123456789012345678"),
            new Sample(Scalar.DECIMAL, new BigDecimal("1E-18").setScale(18), "0.000000000000000001"),
            new Sample(new ListOf(Scalar.DOUBLE), List.of(1.5, Double.NaN), "[1.5, nan]"),
            new Sample(new ListOf(Scalar.LONG), List.of(), "[]"),
            new Sample(new ListOf(Scalar.STRING), Arrays.asList("a", null, "c"), "[a, NULL, c]"),
            new Sample(new ListOf(Scalar.STRING), null, null),
            new Sample(
                    new ListOf(new ListOf(Scalar.INT)),
                    Arrays.asList(List.of(1, 2), List.of(), null, Arrays.asList((Object) null)),
                    "[[1, 2], [], NULL, [NULL]]"),
            new Sample(new MapOf(Scalar.LONG), map("b", 1L, "a", null), "{b=1, a=NULL}"),
            new Sample(new MapOf(Scalar.LONG), Map.of(), "{}"),
            new Sample(new MapOf(new ListOf(Scalar.DOUBLE)), map("x", List.of(1.0), "y", List.of()), "{x=[1.0], y=[]}"),
            new Sample(new ListOf(new MapOf(Scalar.STRING)), List.of(map("k", "v"), Map.of()), "[{k=v}, {}]"));

    @TempDir
    Path directory;

    private TableSchema schema = Stores.schema();

    static TableSchema.ColumnField[] columns() {
        TableSchema.ColumnField[] columns = new TableSchema.ColumnField[SAMPLES.size()];
        Arrays.setAll(columns, i -> column("c" + i, SAMPLES.get(i).type()));
        return columns;
    }

    /** All values, but with a short text in place of the long one. */
    static Map<Integer, @Nullable Object> shortValues() {
        Map<Integer, @Nullable Object> values = new HashMap<>();
        for (int i = 0; i < SAMPLES.size(); i++) {
            Object value = SAMPLES.get(i).value();
            values.put(i, LONG_TEXT.equals(value) ? "short" : value);
        }
        return values;
    }

    @BeforeEach
    void storeARowWithAllValuesAndARowWithNulls() throws IOException {
        Map<Integer, @Nullable Object> values = new HashMap<>();
        Map<Integer, @Nullable Object> nulls = new HashMap<>();
        for (int i = 0; i < SAMPLES.size(); i++) {
            values.put(i, SAMPLES.get(i).value());
            nulls.put(i, null);
        }
        schema = Stores.schema(columns());
        try (TableStore store = TableOpening.open(directory, schema, Stores.PLAIN);
                PartWriter writer = store.writer()) {
            Stores.addNew(writer, 1, values);
            Stores.addNew(writer, 2, nulls);
            assertThat(writer.bytes()).isGreaterThan(LONG_TEXT.length());
            assertThat(writer.publish()).hasSize(1);
        }
    }

    @Test
    void everyValueIsReadAsItWasWritten() {
        try (TableStore store = TableOpening.openReadOnly(directory, false);
                Stream<StoredRow> rows = store.rows(Set.of(), true)) {
            assertThat(store.schema()).isEqualTo(schema);
            List<StoredRow> read = rows.toList();
            assertThat(read).hasSize(2);
            for (int i = 0; i < SAMPLES.size(); i++) {
                assertThat(read.get(0).values()[i])
                        .as("c%d", i)
                        .isEqualTo(SAMPLES.get(i).value());
                assertThat(read.get(1).values()[i]).as("c%d", i).isNull();
            }
            assertThat(read.get(1).present().cardinality()).isEqualTo(SAMPLES.size());
            assertThat(read.get(0).key()).isEqualTo(Stores.key(1));
        }
    }

    @Test
    void duckDbReadsEveryValue() throws SQLException {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            try (ResultSet rows = statement.executeQuery(
                    "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '" + directory + "/*.parquet' ORDER BY \"index\"")) {
                assertThat(rows.next()).isTrue();
                for (int i = 0; i < SAMPLES.size(); i++) {
                    assertThat(rows.getString("c" + i))
                            .as("c%d", i)
                            .isEqualTo(SAMPLES.get(i).shown());
                }
                assertThat(rows.next()).isTrue();
                for (int i = 0; i < SAMPLES.size(); i++) {
                    assertThat(rows.getString("c" + i)).as("c%d", i).isNull();
                }
                assertThat(rows.next()).isFalse();
            }
        }
    }

    @Test
    void duckDbSeesTheTypes() throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM '" + directory + "/*.parquet'")) {
            while (columns.next()) {
                types.put(columns.getString(1), columns.getString(2));
            }
        }
        assertThat(types)
                .containsEntry("index", "BIGINT")
                .containsEntry("c0", "BOOLEAN")
                .containsEntry("c2", "INTEGER")
                .containsEntry("c4", "FLOAT")
                .containsEntry("c6", "DOUBLE")
                .containsEntry("c12", "VARCHAR")
                .containsEntry("c15", "VARCHAR")
                .containsEntry("c16", "VARCHAR")
                .containsEntry("c17", "BLOB")
                .containsEntry("c19", "TIMESTAMP WITH TIME ZONE")
                .containsEntry("c21", "DATE")
                .containsEntry("c23", "BIGINT")
                .containsEntry("c24", "DECIMAL(38,18)")
                .containsEntry("c26", "DOUBLE[]")
                .containsEntry("c30", "INTEGER[][]")
                .containsEntry("c31", "MAP(VARCHAR, BIGINT)");
        assertThat(types.keySet()).startsWith("index", "c0", "c1", "c2");
    }

    @Test
    void everyTypeOfIndexIsFoundAgain(@TempDir Path other) throws IOException {
        List<Scalar> types = List.of(
                Scalar.STRING,
                Scalar.PATH,
                Scalar.ENUM,
                Scalar.INT,
                Scalar.LONG,
                Scalar.BOOLEAN,
                Scalar.INSTANT,
                Scalar.DATE);
        List<TableSchema.IndexField> fields = types.stream()
                .map(type -> new TableSchema.IndexField(type.text() + "_part", type))
                .toList();
        TableSchema wide = new TableSchema("Wide", fields, List.of(column("a", Scalar.LONG)));
        List<Object> index = List.of(
                UNICODE,
                "a/b",
                "RED",
                -7,
                Long.MIN_VALUE,
                false,
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                LocalDate.of(1, 1, 1));
        try (TableStore store = TableOpening.open(other, wide, Stores.PLAIN);
                PartWriter writer = store.writer()) {
            writer.add(index, Stores.values(1L));
            writer.addFailed(new FailedRow(index, "a", "E", "m", "s", "head", 3), true);
            writer.publish();
            StoredKeys keys = store.readKeys();
            try (Stream<StoredRow> rows = store.rows(Set.of(), false);
                    Stream<FailedRow> failed = store.failedRows()) {
                StoredRow row = rows.toList().get(0);
                assertThat(row.index()).isEqualTo(index);
                assertThat(keys.contains(row.key())).isTrue();
                assertThat(keys.failed(row.key())).isTrue();
                assertThat(failed.toList().get(0).index()).isEqualTo(index);
            }
        }
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
