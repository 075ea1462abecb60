package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Measures in the table how long rows pause if nodes fail, each in another way, in the same run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandstillIT {

    private static final int KILLED = 1;
    private static final int CRASHED = 2;
    private static final int CUT_AND_HEALED = 3;
    private static final int FROZEN = 4;
    private static final int SOUND = 5;
    private static final int ROWS = 6000;

    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration CUT = Duration.ofSeconds(3);

    /** Rowmill detects a silent node within about 10 s. The rest is reserve for a busy computer. */
    private static final Duration LATEST = Duration.ofSeconds(20 + 10);

    private static final Duration LONGEST_GAP = Duration.ofSeconds(5);

    private Testbed testbed;

    private Path directory;
    private Path project;

    @BeforeAll
    void up(@TempDir Path temporary) {
        directory = temporary;
        project = directory.resolve("project");
        testbed = Testbed.up(5);
    }

    @AfterAll
    void down() {
        testbed.close();
    }

    private void table() {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    Path mine = Path.of("at-" + context.node());
                    if (!Files.exists(mine)) { Files.writeString(mine, ""); }
                    if (!Files.exists(Path.of("hurry"))) { Thread.sleep(100); }
                    return 3 * index;
                }
                @Column long finished(int value) { return System.currentTimeMillis(); }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(ROWS));
    }

    private static void awaitPrinted(ProducerCommand.Running running, String text, int times) {
        await().atMost(START).until(() -> running.err().split(text, -1).length > times);
    }

    private long number(String sql) {
        return ((Number)
                        DuckDb.query(project.resolve("tables/Slow"), sql).get(0).get(0))
                .longValue();
    }

    private long longestGapMillis(String of) {
        return number(
                "SELECT max(finished - before) FROM (SELECT finished, lag(finished) OVER (ORDER BY finished) AS before FROM $ WHERE "
                        + of + ") WHERE before IS NOT NULL");
    }

    @Test
    void rowsOfALostNodeMoveSoonAndOtherNodesNeverPause() throws IOException {
        table();
        try (ProducerCommand.Running running = ProducerCommand.of(
                        "run",
                        project,
                        "--ssh-cluster-csv-path",
                        testbed.clusterCsv(),
                        "-v",
                        "--no-progress",
                        "--connect-timeout",
                        "5s")
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new))
                .start()) {
            for (int node = KILLED; node <= SOUND; node++) {
                Path computes = project.resolve("at-" + testbed.address(node));
                await().atMost(START).until(() -> Files.exists(computes));
            }

            testbed.cut(CUT_AND_HEALED);
            await().pollDelay(CUT).until(() -> true);
            testbed.heal(CUT_AND_HEALED);
            testbed.kill(KILLED);
            testbed.crash(CRASHED);
            testbed.freeze(FROZEN);
            awaitPrinted(running, testbed.address(KILLED) + ": lost", 1);
            awaitPrinted(running, testbed.address(CRASHED) + ": lost", 1);
            awaitPrinted(running, testbed.address(FROZEN) + ": lost", 1);
            testbed.thaw(FROZEN);

            awaitPrinted(running, testbed.address(FROZEN) + ": ready", 2);
            Files.writeString(project.resolve("hurry"), "");
            running.await().succeeded();
            assertThat(running.err()).doesNotContain(testbed.address(CUT_AND_HEALED) + ": lost");
        } finally {
            testbed.start(KILLED);
            testbed.start(CRASHED);
        }
        assertThat(DuckDb.query(
                                project.resolve("tables/Slow"),
                                "SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("" + ROWS, "" + ROWS, "" + 3L * ROWS * (ROWS - 1) / 2);
        assertNoOtherNodePaused();
    }

    @Test
    void explainPrintsThatTheNodeOfARowWasLost() throws IOException {
        Path held = directory.resolve("held");
        Projects.table(held, "Held", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 40).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    while (!Files.exists(Path.of("hurry"))) { Thread.sleep(50); }
                    return 3 * index;
                }
                """);
        try (ProducerCommand.Running running = ProducerCommand.of(
                        "run", held, "--ssh-cluster-csv-path", testbed.clusterCsv(KILLED), "-v", "--no-progress")
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new))
                .start()) {
            String busy = "\"node\":\"" + testbed.address(KILLED) + "\",\"slots\":2,\"busy\":2";
            await().atMost(START).until(() -> status(held).contains(busy));

            testbed.kill(KILLED);
            awaitPrinted(running, testbed.address(KILLED) + ": lost", 1);
            Files.writeString(held.resolve("hurry"), "");
            running.await().succeeded();
        } finally {
            testbed.start(KILLED);
        }

        String lost = "NodeLost: the connection to " + testbed.address(KILLED) + " was lost while it computed this row";
        List<Integer> rows = rowsWith("NodeLost", held);
        assertThat(rows).hasSize(2);
        assertThat(explained(held, rows.get(0))).contains(lost);
        assertThat(explained(held, rows.get(1))).contains(lost);
    }

    /** Returns the index of each row that has a failure with this name in the log of attempts. */
    private static List<Integer> rowsWith(String failure, Path project) throws IOException {
        try (Stream<Path> runs = Files.list(project.resolve(".rowmill/logs"))) {
            Path run = runs.findFirst().orElseThrow();
            return Files.readAllLines(run.resolve("attempts.csv")).stream()
                    .filter(line -> line.contains(failure))
                    .map(line -> Integer.valueOf(line.split(",", -1)[2]))
                    .toList();
        }
    }

    private static String status(Path project) {
        return ProducerCommand.of("status", project, "--json").run().out().replaceAll("\\s", "");
    }

    private static String explained(Path project, int row) {
        return ProducerCommand.of("explain", project, row).run().out();
    }

    private void assertNoOtherNodePaused() {
        String sound = "node = '" + testbed.address(SOUND) + "'";
        // All other names are addresses of nodes.
        String head = "node NOT LIKE '" + testbed.address(1).replaceAll("1$", "%") + "'";
        long soundGap = longestGapMillis(sound);
        long headGap = longestGapMillis(head);
        // Rows are handed out in their order: rows of a lost node finish later than the rows that follow them.
        long late = number(
                "SELECT max(finished - later) FROM (SELECT finished, min(finished) OVER (ORDER BY index ROWS BETWEEN 1"
                        + " FOLLOWING AND UNBOUNDED FOLLOWING) AS later FROM $)");
        System.out.printf(
                "longest gap: %d ms on a sound node, %d ms on the head; latest row %d ms%n", soundGap, headGap, late);
        assertThat(List.of(soundGap, headGap)).allSatisfy(gap -> assertThat(gap).isLessThan(LONGEST_GAP.toMillis()));
        assertThat(late).isBetween(5_000L, LATEST.toMillis()); // Less means that no silent node had rows.
    }
}
