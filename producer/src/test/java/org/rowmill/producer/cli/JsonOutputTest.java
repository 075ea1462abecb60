package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.Machine;
import org.rowmill.mounter.node.NodeProbe;
import org.rowmill.mounter.node.NodeReport;
import org.rowmill.producer.console.Json;
import org.rowmill.producer.monitor.ProgressState;
import org.rowmill.producer.monitor.RunStatus;
import org.rowmill.producer.monitor.StatusFacts;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.Stores;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.parts.ChangedCode;
import org.rowmill.store.parts.StoreOptions;

class JsonOutputTest {

    private static final Path DOCS = Path.of("..", "docs", "cli.md");
    private static final TableSchema SCHEMA =
            Stores.schema(column("text", Scalar.STRING), column("real", Scalar.DOUBLE));

    @TempDir
    private Path project;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void storeATable() throws IOException {
        try (TableStore store = TableOpening.open(project.resolve("tables/Samples"), SCHEMA, Stores.PLAIN);
                PartWriter writer = store.writer()) {
            Stores.addNew(writer, 1, Stores.values("1000", 0.5));
            Stores.addNew(writer, 3, Stores.values(null, 1.5));
            writer.addFailed(Stores.failure(3, "wrong"), true);
            writer.publish();
        }
        StoreOptions.Limit limit = new StoreOptions.Limit(Optional.of("3"), OptionalLong.of(5));
        StoreOptions recompute = new StoreOptions(false, Set.of("real"), limit, "run2", "c0de", ChangedCode.WARN);
        TableOpening.open(project.resolve("tables/Samples"), SCHEMA, recompute).close();
    }

    private List<?> json(String... arguments) throws IOException {
        out.reset();
        Producer producer = new Producer(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                Map.of());
        assertThat(producer.execute(arguments)).isZero();
        return parsed(out.toString(StandardCharsets.UTF_8));
    }

    private static List<?> parsed(String text) throws IOException {
        return (List<?>) Objects.requireNonNull(Json.parse(text));
    }

    /** Asserts that the output has the documented fields, and each of the documented type. */
    private static void isAsDocumented(String command, List<?> output) throws IOException {
        Map<String, String> documented = documented(command);
        Map<String, Set<String>> written = new TreeMap<>();
        output.forEach(object -> addTypes("", object, written));
        documented.forEach((field, type) -> {
            if (type.startsWith("object (")) {
                written.keySet().removeIf(name -> name.startsWith(field + "."));
            }
        });

        assertThat(written.keySet()).isEqualTo(new TreeSet<>(documented.keySet()));
        documented.forEach((field, type) -> assertThat(written.get(field))
                .as("%s is documented as %s", field, type)
                .allMatch(found -> allows(type, found)));
    }

    private static boolean allows(String documented, String type) {
        return switch (type) {
            case "null" -> documented.endsWith("or null");
            case "integer" -> documented.startsWith("integer");
            default -> documented.startsWith(type);
        };
    }

    /** Returns the types by field from the table below the heading of a command's JSON. */
    private static Map<String, String> documented(String command) throws IOException {
        String docs = Files.readString(DOCS);
        int start = docs.indexOf("\n### JSON of `" + command + "`\n");
        assertThat(start).as("a section on the JSON of " + command).isNotNegative();
        String section = docs.substring(start, docs.indexOf("\n#", start + 1));
        Map<String, String> fields = new LinkedHashMap<>();
        for (MatchResult row : Pattern.compile("(?m)^\\| ((?:`[a-z_.\\[\\]]+`(?:, )?)+) \\| ([^|]+) \\|")
                .matcher(section)
                .results()
                .toList()) {
            for (String field : row.group(1).split(", ")) {
                fields.put(field.replace("`", ""), row.group(2));
            }
        }
        return fields;
    }

    private static void addTypes(String path, @Nullable Object value, Map<String, Set<String>> types) {
        if (!path.isEmpty() && !path.endsWith("[]")) {
            types.computeIfAbsent(path, field -> new TreeSet<>()).add(type(value));
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, field) -> addTypes(path.isEmpty() ? "" + name : path + "." + name, field, types));
        } else if (value instanceof List<?> list) {
            list.forEach(element -> addTypes(path + "[]", element, types));
        }
    }

    private static String type(@Nullable Object value) {
        if (value instanceof Map) {
            return "object";
        }
        if (value instanceof List) {
            return "array";
        }
        if (value instanceof Number) {
            return value instanceof Long ? "integer" : "number";
        }
        return value == null ? "null" : value instanceof Boolean ? "boolean" : "text";
    }

    private static @Nullable Object field(List<?> output, int number, String name) {
        return ((Map<?, ?>) output.get(number)).get(name);
    }

    private static List<?> array(List<?> output, String name) {
        return (List<?>) Objects.requireNonNull(field(output, 0, name));
    }

    @Test
    void showWritesTheDocumentedFields() throws IOException {
        List<?> tables = json("show", project.toString(), "--json");

        isAsDocumented("show", tables);
        assertThat(field(tables, 0, "rows")).isEqualTo(2L);
        assertThat(field(tables, 0, "rows_failed")).isEqualTo(1L);
        assertThat(field(tables, 0, "columns"))
                .isEqualTo(List.of(
                        Map.of("name", "text", "type", "string", "version", 1L),
                        Map.of("name", "real", "type", "double", "version", 1L)));
    }

    @Test
    void showWritesATableWithoutParts() throws IOException {
        Files.createDirectories(project.resolve("tables/Begun"));

        List<?> tables = json("show", project.toString(), "--json");

        isAsDocumented("show", tables);
        assertThat(field(tables, 0, "parts")).isEqualTo(List.of());
    }

    @Test
    void explainWritesTheDocumentedFields() throws IOException {
        Path logs = Files.createDirectories(project.resolve(".rowmill/logs/run1"));
        try (AttemptLog attempts = new AttemptLog(logs)) {
            Failure failure = new Failure("text", "java.io.IOException", "wrong", "", false);
            attempts.add("Samples", List.of(3), 1, "head", 1_500_000_000, Optional.of(failure));
            attempts.add("Samples", List.of(3), 2, "head", 0, Optional.empty());
        }
        Files.writeString(logs.resolve("consumer.log"), "[Samples 3] half way\n");

        List<?> rows = json("explain", project.toString(), "3", "--json");

        isAsDocumented("explain", rows);
        assertThat(field(rows, 0, "index")).isEqualTo("3");
        assertThat(field(rows, 0, "printed")).isEqualTo(List.of(Map.of("run", "run1", "line", "half way")));
        List<?> attempts = array(rows, "attempts");
        assertThat(field(attempts, 0, "seconds")).isEqualTo(1.5);
        assertThat(field(attempts, 1, "outcome")).isEqualTo("computed");
    }

    @Test
    void explainWritesTextThatLooksLikeANumberAsText() throws IOException {
        List<?> rows = json("explain", project.toString(), "1", "--json");

        assertThat(field(rows, 0, "stored")).isEqualTo(Map.of("text", "1000", "real", 0.5));
        assertThat(field(rows, 0, "failure")).isNull();
    }

    private static StatusFacts status() {
        return new StatusFacts(
                "r1",
                4711,
                "2026-11-29T00:04:16Z",
                "2026-11-29T00:04:24Z",
                "Samples",
                new ProgressState(12, 1, 128, true, 3, 4),
                new StatusFacts.Pace(1.5, Optional.of(2.25), Optional.of(77.0)),
                "Samples: 12/128 rows",
                List.of(
                        new StatusFacts.Node(
                                "1000",
                                2,
                                1,
                                1234,
                                Optional.of(5L),
                                Optional.of(new StatusFacts.Mount(1_500_000, 0, 17))),
                        new StatusFacts.Node("head", 2, 0, 0, Optional.empty(), Optional.empty())),
                List.of("  1 x java.io.IOException"));
    }

    @Test
    void statusWritesTheDocumentedFields() throws IOException {
        try (RunDirectory run = RunDirectory.create(project, "r1")) {
            Files.writeString(run.state().resolve(RunStatus.FILE), Json.line(status().json()));

            List<?> runs = json("status", project.toString(), "--json");

            isAsDocumented("status", runs);
            assertThat(field(array(runs, "nodes"), 0, "node")).isEqualTo("1000");
        }
        assertThat(json("status", project.toString(), "--json")).isEmpty();
    }

    @Test
    void theStatusOfARunIsReadAsItWasWritten() throws IOException {
        assertThat(StatusFacts.parse(Json.line(status().json()))).isEqualTo(status());
    }

    @Test
    void theStatusOfARunIsPrintedAligned() {
        StatusCommand.print(status(), new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                Run r1, process 4711, table since 2026-11-29T00:04:16Z, now 2026-11-29T00:04:24Z
                Samples: 12/128 rows

                node  slots  busy   rows  oldest row s  read MB  written MB  operations
                1000      2     1  1,234             5      1.5         0.0          17
                head      2     0      0             -        -           -           -

                failures
                  1 x java.io.IOException

                """);
    }

    private static NodeReport usable(String user) {
        NodeProbe probe = new NodeProbe(
                "/home/" + user,
                new NodeProbe.OperatingSystem("Linux", "x86_64", "glibc"),
                Machine.UNKNOWN,
                new NodeProbe.Capacity(4, Optional.of("0.52"), OptionalLong.of(3 << 20), OptionalLong.empty()),
                new NodeProbe.Java(Optional.of("java"), OptionalInt.of(17)),
                new NodeProbe.Sshfs(true, true, List.of(), ""),
                0,
                true,
                Set.of());
        return new NodeReport(
                new ClusterNode(
                        "10",
                        Optional.of(user),
                        OptionalInt.of(22),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        List.of(),
                        1),
                Optional.empty(),
                Map.of(ConnectionStep.CONNECT, Duration.ofMillis(12)),
                Optional.of(new NodeReport.Login(user, 22, "ssh-ed25519 SHA256:x", List.of())),
                Optional.of(probe),
                Optional.of(new NodeReport.MountSpeed(28e6, 14.25e6, 9_500_000)),
                OptionalLong.of(400_000),
                -2);
    }

    private static NodeReport unusable() {
        return new NodeReport(
                new ClusterNode(
                        "node2",
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        List.of(),
                        2),
                Optional.of(new NodeFault(ConnectionStep.CONNECT, "refused", "Start sshd")),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                0);
    }

    @Test
    void nodesWritesTheDocumentedFields() throws IOException {
        NodeTable.printJson(List.of(usable("1000"), unusable()), new PrintStream(out, true, StandardCharsets.UTF_8));
        List<?> nodes = parsed(out.toString(StandardCharsets.UTF_8));

        isAsDocumented("nodes", nodes);
        assertThat(field(nodes, 0, "node")).isEqualTo("10");
        assertThat(field(nodes, 0, "user")).isEqualTo("1000");
        assertThat(field(nodes, 0, "free_gib")).isEqualTo(3.0);
        assertThat(field(nodes, 0, "sshfs")).isEqualTo(true);
        assertThat(field(nodes, 1, "failed_step")).isEqualTo("connect");
    }

    @Test
    void nodesPrintsAnAlignedTable() {
        NodeTable.print(List.of(usable("tb1"), unusable()), new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "node   user  port  ssh_ms  host_key              java  sshfs  read_mb_s  write_mb_s  file_ms"
                                + "  broker_ms  cpus  free_gib  load  disk_gib  clock_s  verdict",
                        "10     tb1     22    12.0  ssh-ed25519 SHA256:x    17  yes         28.0        14.3      9.5"
                                + "       0.40     4       3.0  0.52  -              -2  usable",
                        "node2  -        -       -  -                        -  -              -           -        -"
                                + "          -     -         -     -  -               -  fails: connect",
                        "node2: connect: refused. Start sshd");
    }

    @Test
    void jsonAndRowsExcludeEachOther() {
        Producer producer = new Producer(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                Map.of());

        assertThat(producer.execute("show", project.toString(), "Samples", "--json", "--failed"))
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--format jsonl");
    }
}
