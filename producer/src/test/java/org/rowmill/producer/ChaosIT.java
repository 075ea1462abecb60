package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/**
 * Injects random faults while rows read and write files on five nodes: no row is lost or stored twice, only the rows
 * that crash consumers are given up, and no node is excluded because of rows. System properties set the duration and the seeds, see {@code ops/chaos}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChaosIT {

    private static final long SECONDS = Long.getLong("rowmill.chaos.seconds", 60);
    private static final long[] SEEDS = Stream.of(
                    System.getProperty("rowmill.chaos.seeds", "20260101").split(","))
            .mapToLong(Long::parseLong)
            .distinct()
            .toArray();

    private static final int NODES = 5;

    /** Slots of each node; the head has as many. */
    private static final int SLOTS_A_NODE = 2;

    /** Whether the rows are also computed without faults, to measure what the faults cost. */
    private static final boolean IS_COMPARED = Boolean.getBoolean("rowmill.chaos.compared");

    /** About as many as the slots compute while some nodes are broken: faults occur during most of the run. */
    private static final int ROWS_A_MINUTE = IS_COMPARED ? 10_000 : 6_000;

    private static final int ROWS = (int) (SECONDS * ROWS_A_MINUTE / 60);

    /** One row of so many crashes each consumer that computes it. */
    private static final int ROWS_A_POISON_ROW = 4_000;

    private static final int POISON_ROWS = (ROWS + ROWS_A_POISON_ROW / 2 - 1) / ROWS_A_POISON_ROW;

    /** Flaky rows are a twentieth of all, and fail twice at most; each poison row has some neighbours. */
    private static final long MOST_REPETITIONS_WITHOUT_FAULTS = ROWS / 8L;

    private static final int INPUTS = 100;
    private static final int ROWS_A_DIRECTORY = 1000;
    private static final int DISK_MEBIBYTES = 16 + ROWS / 10_000 * (1 + SEEDS.length);
    private static final Duration LIMIT = Duration.ofSeconds(120 + 5 * SECONDS);
    private static final Duration TIDY = Duration.ofSeconds(90);
    private static final Duration START = Duration.ofSeconds(60);

    private Testbed testbed;
    private ChaosDisk disk;

    private Path directory;

    @BeforeAll
    void up(@TempDir Path temporary) throws IOException {
        directory = temporary;
        testbed = Testbed.up(
                NODES,
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(node -> node + ":limit=" + SLOTS_A_NODE)
                        .toArray(String[]::new));
        disk = new ChaosDisk(testbed, Files.createDirectory(directory.resolve("disk")), DISK_MEBIBYTES);
    }

    @AfterAll
    void down() {
        try {
            if (disk != null) {
                disk.close();
            }
        } finally {
            testbed.close();
        }
    }

    private static void report(String format, Object... values) {
        System.out.println("chaos: " + String.format(Locale.ROOT, format, values));
    }

    @Test
    void randomFaultsLoseOrDuplicateNoRow() throws Exception {
        report("%d rows, %d nodes", ROWS, NODES);
        Optional<Duration> calm = withoutFaults();
        for (long seed : SEEDS) {
            report("seed %d, faults for %d s", seed, SECONDS);
            String name = "chaos" + seed;

            Duration chaotic = computed(name, ChaosPlan.of(seed, NODES, Duration.ofSeconds(SECONDS)));

            report("with faults: %.1f s", seconds(chaotic));
            calm.ifPresent(took -> report("times as long as without: %.2f", seconds(chaotic) / seconds(took)));
            everyNodeIsUsedAgain("after-" + name);
            nothingIsLeft();
        }
    }

    private Optional<Duration> withoutFaults() throws Exception {
        if (!IS_COMPARED) {
            return Optional.empty();
        }
        Duration calm = computed("calm", new ChaosPlan(List.of()));
        report("without faults: %.1f s", seconds(calm));
        return Optional.of(calm);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Runs a project of this name with these faults, and checks everything that it wrote. */
    private Duration computed(String name, ChaosPlan plan) throws Exception {
        Path project = project(name);
        long begunBefore = begun();
        try (ChaosRun run = new ChaosRun(testbed, disk, project, testbed.clusterCsv(), line -> report("%s", line))) {
            Duration took = run.finish(plan, LIMIT);
            if (!plan.faults().isEmpty()) {
                report("faults: %s", described(run.counts()));
            }
            tableIsRight(name, run.output().resolve("Copy"));
            filesAreRight(name, project);
            long again = begun() - begunBefore - ROWS;
            report("rows begun again, which is allowed: %d", again);
            assertThat(again)
                    .as("rows begun again, %s", name)
                    .isBetween(0L, plan.faults().isEmpty() ? MOST_REPETITIONS_WITHOUT_FAULTS : ROWS);
            return took;
        }
    }

    private static String described(Map<ChaosPlan.Kind, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private static boolean isPoison(int row) {
        return row % ROWS_A_POISON_ROW == ROWS_A_POISON_ROW / 2;
    }

    /**
     * Writes a table whose rows take 0 to 50 ms, read a file, write one, and count their starts in {@code HOME}. Some
     * rows crash their consumer, and some fail at random in their first attempts.
     */
    private Path project(String name) throws IOException {
        Path project = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(project.resolve("in"));
        for (int input = 0; input < INPUTS; input++) {
            Files.writeString(project.resolve("in/" + input), input(input));
        }
        for (int row = 0; row < ROWS; row += ROWS_A_DIRECTORY) {
            Files.createDirectories(project.resolve("out/" + row / ROWS_A_DIRECTORY));
        }
        return Projects.table(project, "Copy", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column long value(int index, RowContext context) throws Exception {
                    Path begun = Path.of(System.getenv("HOME"), "begun");
                    Files.write(begun, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    String text = Files.readString(Path.of("in/" + index %% %d));
                    Thread.sleep(index * 7919L %% 51);
                    if (index %% %d == %d) { Runtime.getRuntime().halt(3); }
                    if (index %% 20 == 7 && context.attempt() <= 2 && Math.random() < 0.3) {
                        throw new IllegalStateException("flaky");
                    }
                    Files.writeString(Path.of("out/" + index / %d + "/" + index), index + " " + text);
                    return 3L * index + text.length();
                }
                """.formatted(
                        ROWS, INPUTS, ROWS_A_POISON_ROW, ROWS_A_POISON_ROW / 2, ROWS_A_DIRECTORY));
    }

    /** Returns a text of up to 8 kB. */
    private static String input(int number) {
        return (number + " ").repeat(number * 30);
    }

    /** Counts how often a row began, on the head and on all nodes. */
    private long begun() {
        Stream<String> sizes = Stream.concat(
                Stream.of(testbed.head("sh", "-c", "cat \"$0\" 2>/dev/null | wc -c", testbed.home() + "/begun")),
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(node -> testbed.exec(node, "cat ~/begun 2>/dev/null | wc -c")));
        return sizes.mapToLong(size -> Long.parseLong(size.strip())).sum();
    }

    private void tableIsRight(String name, Path table) {
        long all = DuckDb.number(table, "SELECT count(*) FROM $");
        long different = DuckDb.number(table, "SELECT count(DISTINCT index) FROM $");
        long innocent = (long) ROWS - POISON_ROWS;
        report("rows: %d, lost %d, doubled %d", all, innocent - different, all - different);
        assertThat(List.of(all, different)).as("rows, %s", name).containsOnly(innocent);
        if (POISON_ROWS > 0) {
            assertThat(DuckDb.query(table.resolve("_failed"), "SELECT DISTINCT index FROM $ ORDER BY index"))
                    .as("rows given up, %s", name)
                    .isEqualTo(IntStream.range(0, ROWS)
                            .filter(ChaosIT::isPoison)
                            .mapToObj(row -> List.<Object>of(row))
                            .toList());
        }
        String length = "(length(i::VARCHAR) + 1) * i * 30".replace("i", "(index % " + INPUTS + ")");
        assertThat(DuckDb.query(
                        table, "SELECT index, value FROM $ WHERE value IS NULL OR value <> 3 * index + " + length))
                .as("wrong values, %s", name)
                .isEmpty();
    }

    private static void filesAreRight(String name, Path project) {
        for (int row : IntStream.range(0, ROWS).filter(row -> !isPoison(row)).toArray()) {
            assertThat(project.resolve("out/" + row / ROWS_A_DIRECTORY + "/" + row))
                    .as(name)
                    .hasBinaryContent((row + " " + input(row % INPUTS)).getBytes(StandardCharsets.US_ASCII));
        }
        long files = files(project.resolve("out")).size();
        assertThat(files).as("files, %s", name).isEqualTo(ROWS - POISON_ROWS);
    }

    private static List<Path> files(Path top) {
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs on every node. This also removes what crashed nodes left on their disks. */
    private void everyNodeIsUsedAgain(String name) throws IOException {
        Path project = Projects.table(directory.resolve(name), "After", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 100).boxed(); }
                @Column int value(int index) throws Exception {
                    while (!Files.exists(Path.of("hurry"))) { Thread.sleep(50); }
                    return index;
                }
                """);
        try (ProducerCommand.Running running = ProducerCommand.of(
                        "run", project, "--ssh-cluster-csv-path", testbed.clusterCsv(), "--host-keys", "off", "-v")
                .behind(testbed.headPrefix().toArray(String[]::new))
                .start()) {
            for (int node = 1; node <= NODES; node++) {
                String ready = testbed.address(node) + ": ready";
                running.awaitErr(START, ready);
            }
            Files.createFile(project.resolve("hurry"));
            running.await().succeeded();
        }
    }

    private void nothingIsLeft() {
        for (int node = 1; node <= NODES; node++) {
            testbed.awaitNoProcesses(node, TIDY);
            assertThat(testbed.exec(
                            node, "ls -A ~/.rowmill-remote 2>/dev/null; grep rowmill-remote /proc/mounts; ls /tmp"))
                    .as("left on node %d", node)
                    .isBlank();
        }
        await().atMost(TIDY)
                .untilAsserted(
                        () -> assertThat(ProducerCommand.consumersAlive()).isEmpty());
        assertThat(testbed.head("ss", "-Hltnu")).as("ports of the head").isBlank();
        assertThat(stateOfRuns()).as("state of runs").isEmpty();
        assertThat(files(disk.seen()))
                .as("files on the disk of the tables")
                .allSatisfy(file -> assertThat(file.getFileName().toString()).matches("part-.*\\.parquet|\\.lock"));
        report("left: no process, mount, port or file");
    }

    private List<Path> stateOfRuns() {
        return files(directory).stream()
                .filter(file -> file.toString().contains("/.rowmill/run-"))
                .toList();
    }
}
