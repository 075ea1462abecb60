package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.Sizes;
import org.rowmill.schemas.model.ColumnType.ListOf;
import org.rowmill.schemas.model.ColumnType.MapOf;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.Stores;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;

class ShowCommandTest {

    private static final TableSchema SCHEMA = Stores.schema(
            column("text", Scalar.STRING),
            column("real", Scalar.DOUBLE),
            column("bytes", Scalar.BYTES),
            column("list", new ListOf(Scalar.LONG)),
            column("map", new MapOf(Scalar.STRING)),
            column("decimal", Scalar.DECIMAL, 3),
            column("instant", Scalar.INSTANT),
            column("duration", Scalar.DURATION));

    @TempDir
    private Path project;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void storeTwoTables() throws IOException {
        Path tables = project.resolve("tables");
        Stores.publish(tables.resolve("Other"), Stores.longs("value"), Stores.PLAIN, 0, 1234, 3);
        try (TableStore store = TableOpening.open(tables.resolve("Samples"), SCHEMA, Stores.PLAIN);
                PartWriter writer = store.writer()) {
            Stores.addNew(
                    writer,
                    1,
                    Stores.values(
                            "a, \"quoted\"\nline",
                            Double.NaN,
                            new byte[] {1, 2, 3},
                            Arrays.asList(1L, null),
                            Map.of("k", "v"),
                            new BigDecimal("1.500000000000000000"),
                            Instant.parse("2026-01-02T03:04:05.678Z"),
                            Duration.ofSeconds(90)));
            Stores.addNew(writer, 2, Stores.values(null, 0.5, null, null, null, null, null, null));
            writer.addFailed(Stores.failure(3, "went\nwrong"), true);
            writer.publish();
        }
    }

    private int show(Object... arguments) {
        Producer producer = new Producer(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment);
        return producer.execute(
                Stream.concat(Stream.of("show"), Stream.of(arguments).map(String::valueOf))
                        .toArray(String[]::new));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void rejected(int exitCode, String... messages) {
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(messages);
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void theSummaryOfATable() {
        assertThat(show(project, "Samples")).isZero();

        assertThat(out())
                .contains("Samples: 2 rows, 1 failed, 1 parts, ", " kB in " + project.resolve("tables/Samples"))
                .containsPattern("(?m)^  index +long +index$")
                .containsPattern("(?m)^  list +list<long>$")
                .containsPattern("(?m)^  decimal +decimal +version 3$")
                .containsPattern(
                        "(?m)^  part-00000001-run1\\.parquet +2 .* text,real,bytes,list,map,decimal,instant,duration$")
                .doesNotContain("Other");
    }

    @Test
    void theSummariesOfAllTables() {
        assertThat(show(project)).isZero();

        assertThat(out()).contains("Other: 1,234 rows, 0 failed, 1 parts", "Samples: 2 rows");
    }

    /** A run that has just begun has not published a part. */
    @Test
    void aTableWithoutPartsIsReportedAsEmpty() throws IOException {
        Files.createDirectories(project.resolve("tables/Begun"));

        assertThat(show(project)).isZero();

        assertThat(out()).contains("Begun: nothing is stored yet", "Other: 1,234 rows", "Samples: 2 rows");
    }

    @Test
    void theFirstRowsArePrintedAligned() {
        assertThat(show(project, "Other", "--rows", 3)).isZero();

        assertThat(out()).isEqualTo("""
                index  value
                    0      0
                    1      3
                    2      6
                """);
    }

    @Test
    void lineBreaksInValuesAreEscaped() {
        assertThat(show(project, "Samples", "--rows", 10)).isZero();

        assertThat(out().lines()).hasSize(3).anyMatch(line -> line.contains("a, \"quoted\"\\nline"));
    }

    @Test
    void csvContainsAllRowsAndQuotesThem() {
        assertThat(show(project, "Samples", "--format", "csv")).isZero();

        assertThat(out()).isEqualTo("""
                index,text,real,bytes,list,map,decimal,instant,duration
                1,"a, ""quoted""
                line",NaN,AQID,"[1,null]","{""k"":""v""}",1.5,2026-01-02T03:04:05.678Z,PT1M30S
                2,,0.5,,,,,,
                """);
    }

    @Test
    void jsonLinesHaveTypes() {
        assertThat(show(project, "Samples", "--format", "jsonl")).isZero();

        assertThat(out().lines())
                .containsExactly(
                        "{\"index\":1,\"text\":\"a, \\\"quoted\\\"\\nline\",\"real\":\"NaN\",\"bytes\":\"AQID\",\"list\":[1,null],"
                                + "\"map\":{\"k\":\"v\"},\"decimal\":1.5,\"instant\":\"2026-01-02T03:04:05.678Z\",\"duration\":\"PT1M30S\"}",
                        "{\"index\":2,\"text\":null,\"real\":0.5,\"bytes\":null,\"list\":null,\"map\":null,\"decimal\":null,"
                                + "\"instant\":null,\"duration\":null}");
    }

    @Test
    void failedRowsArePrintedWithoutTheStackTraceInATableOnly() {
        assertThat(show(project, "Samples", "--failed")).isZero();
        assertThat(out()).contains("java.io.IOException", "went\\nwrong").doesNotContain("A.java:1");
        out.reset();

        assertThat(show(project, "Samples", "--failed", "--format", "jsonl")).isZero();
        assertThat(out())
                .isEqualTo(
                        "{\"index\":3,\"columns\":\"a\",\"error\":\"java.io.IOException\",\"message\":\"went\\nwrong\","
                                + "\"stack\":\"at A.a(A.java:1)\",\"node\":\"head\",\"attempts\":1}\n");
    }

    @Test
    void theOptionOutputIsReadFromEnvironmentAndFile(@TempDir Path empty) throws IOException {
        Path tables = project.resolve("tables");

        assertThat(show(empty, "Other", "--output", tables)).isZero();
        environment.put("ROWMILL_OUTPUT", tables.toString());
        assertThat(show(empty, "Other")).isZero();
        environment.clear();
        Files.writeString(empty.resolve("rowmill.properties"), "output=" + tables + "\n");
        assertThat(show(empty, "Other")).isZero();
    }

    @Test
    void anUnknownTableGetsASuggestion() {
        rejected(
                show(project, "Sample"),
                "no table Sample is stored here (did you mean Samples?). Stored: Other, Samples");
    }

    @Test
    void rowsRequireTheNameOfATable() {
        rejected(show(project, "--rows", 3), "TABLE", "Other, Samples");
    }

    @Test
    void aProjectWithoutTables(@TempDir Path empty) {
        rejected(show(empty), empty.resolve("tables").toString(), "run " + empty);
    }

    @Test
    void anUnknownFormat() {
        rejected(show(project, "Other", "--format", "xml"), "table, csv or jsonl", "xml");
    }

    @Test
    void aTruncatedPartIsNamedAndCanBeIgnored() throws IOException {
        Path part = Stores.files(project.resolve("tables/Other"), ".parquet").get(0);
        Files.write(part, Arrays.copyOf(Files.readAllBytes(part), 100));

        rejected(show(project, "Other"), part.getFileName().toString(), "--ignore-broken-parts");
        rejected(show(project, "Other", "--ignore-broken-parts"), "no table is stored here");
    }

    @Test
    void sizesArePrintedWithTheirUnit() {
        assertThat(List.of(0L, 999L, 1_000L, 999_949L, 999_950L, 12_345_678L, Long.MAX_VALUE))
                .extracting(Sizes::text)
                .containsExactly("0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "12.3 MB", "9.2 EB");
    }
}
