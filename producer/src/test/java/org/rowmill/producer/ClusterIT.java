package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Runs on several nodes, in namespaces of this computer, with real sshd and sshfs. */
@ExtendWith(SharedTestbed.class)
class ClusterIT {

    private static final Duration START = Duration.ofSeconds(60);

    /** More rows than the head alone computes while nodes start, are lost and return. */
    private static final int ROWS = 6000;

    /** {@code TCP_RTO_MAX} of Linux. */
    private static final Duration LONGEST_RETRANSMISSION = Duration.ofMinutes(2);

    private final Testbed testbed;

    @TempDir
    private Path project;

    ClusterIT(Testbed testbed) {
        this.testbed = testbed;
    }

    @AfterEach
    void nothingOfTheRunIsLeftOnNodes() {
        for (int node = 1; node <= 3; node++) {
            testbed.awaitNoProcesses(node, START);
            assertThat(testbed.exec(
                            node, "ls -A ~/.rowmill-remote 2>/dev/null; grep rowmill-remote /proc/mounts; ls /tmp"))
                    .as("left on node %d", node)
                    .isBlank();
        }
    }

    private ProducerCommand run(Path csv, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("run", project, "--ssh-cluster-csv-path", csv));
        arguments.addAll(List.of(more));
        return onHead(ProducerCommand.of(arguments.toArray()));
    }

    private ProducerCommand onHead(ProducerCommand command) {
        return command.onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    /** Writes a table whose rows are slow until {@link #hurry}, so that every node computes some. */
    private void slowRows() {
        rows(ROWS, "Thread.sleep(Files.exists(Path.of(\"hurry\")) ? 0 : 40);");
    }

    private void hurry() {
        try {
            Files.createFile(project.resolve("hurry"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rows(int rows, String statements) {
        Projects.table(project, "Slow", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index, RowContext context) throws Exception { %s return 3 * index; }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(rows, statements));
    }

    private void assertEachRowOnce(int rows) {
        assertThat(DuckDb.query(table("Slow"), "SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("" + rows, "" + rows, "" + 3L * rows * (rows - 1) / 2);
    }

    private List<String> nodesOf(String table) {
        return DuckDb.query(table(table), "SELECT DISTINCT node FROM $ ORDER BY node").stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    private Path table(String name) {
        return project.resolve("tables").resolve(name);
    }

    private void awaitReady(ProducerCommand.Running running, int... nodes) {
        for (int node : nodes) {
            running.awaitErr(START, testbed.address(node) + ": ready");
        }
    }

    /** Runs the example with fewer samples. The first rows wait for each other, so that every node computes some. */
    @Test
    void piIsComputedOnAllComputers() throws IOException {
        Path example = Path.of("..", "examples", "montecarlo-pi", "MonteCarloPi.java");
        String count = "public Count count(int index) {";
        assertThat(example).content().contains(count);
        Projects.source(
                project,
                "MonteCarloPi",
                Files.readString(example)
                        .replace("import java.io.PrintStream;", "import java.io.PrintStream; import java.nio.file.*;")
                        .replace("SAMPLES = 10_000_000;", "SAMPLES = 1_000_000;")
                        .replace(count, """
                        public Count count(int index, RowContext context) throws Exception {
                            meet(context, 4);
                            return countOf(index);
                        }
                        %s
                        private static Count countOf(int index) {
                        """.formatted(Projects.MEET)));
        Path csv = testbed.clusterCsv();

        ProducerCommand.Result result = run(csv, "--no-progress").run().succeeded();

        assertThat(result.out()).matches("Computed pi ~ 3\\.14\\d+ using 128000000 total samples on 4 nodes\\.\\R");
        assertThat(result.err()).contains("Using cluster configuration file at " + csv);
        assertThat(result.err()).doesNotContain("warning");
    }

    @Test
    void rowsReadAndWriteTheFilesOfTheHead() throws IOException {
        int files = 500;
        Files.createDirectories(project.resolve("data"));
        Files.createDirectories(project.resolve("out"));
        for (int i = 0; i < files; i++) {
            Files.writeString(project.resolve("data/" + i + ".txt"), "content of " + i + "\n".repeat(i % 50));
        }
        Projects.table(project, "Copy", "Path", Projects.MEET + """
                @Override public Stream<Path> index() throws Exception { return Index.files("data/*.txt"); }
                @Column long size(Path file, RowContext context) throws Exception {
                    meet(context, 4);
                    byte[] bytes = Files.readAllBytes(file);
                    Files.write(Path.of("out").resolve(file.getFileName()), bytes);
                    return bytes.length;
                }
                @Column String node(RowContext context) { return context.node(); }
                """);

        run(testbed.clusterCsv()).run().succeeded();

        for (int i = 0; i < files; i++) {
            assertThat(project.resolve("out/" + i + ".txt"))
                    .hasSameBinaryContentAs(project.resolve("data/" + i + ".txt"));
        }
        assertThat(nodesOf("Copy")).hasSize(4);
    }

    @Test
    void aSymbolicLinkOpensTheNodesOwnData() throws IOException {
        for (int node = 1; node <= 3; node++) {
            testbed.rexec(
                    node,
                    "mkdir -p /srv/corpus; echo of-node-" + node + " >/srv/corpus/name; chmod -R a+rX /srv/corpus");
        }
        Files.createSymbolicLink(project.resolve("corpus"), Path.of("/srv/corpus"));
        Projects.table(project, "Linked", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, 60).boxed(); }
                @Column String name(RowContext context) throws Exception {
                    meet(context, 4);
                    Path name = Path.of("corpus/name");
                    return Files.exists(name) ? Files.readString(name).strip() : "none";
                }
                @Column String node(RowContext context) { return context.node(); }
                """);

        run(testbed.clusterCsv(), "--cpu-limit", 1).run().succeeded();

        for (int node = 1; node <= 3; node++) {
            assertThat(DuckDb.query(
                            table("Linked"),
                            "SELECT DISTINCT name FROM $ WHERE node = '" + testbed.address(node) + "'"))
                    .containsExactly(List.of("of-node-" + node));
        }
    }

    @Test
    void onlyTheSshPortIsNeeded() {
        rows(100, "meet(context, 4);");
        testbed.onlySsh();
        try {
            run(testbed.clusterCsv()).run().succeeded();
        } finally {
            testbed.allPorts();
        }

        assertThat(nodesOf("Slow")).hasSize(4);
        assertEachRowOnce(100);
    }

    @Test
    void noSecretIsVisibleOnNodesOrHead() {
        slowRows();
        try (ProducerCommand.Running running = run(testbed.clusterCsv(1), "-v").start()) {
            awaitReady(running, 1);
            String seen = testbed.rexec(
                    1,
                    "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | tr -cd '[:print:]\\n';"
                            + " find /home ~ /tmp -path '*rowmill*' -type f -size -100k -exec cat {} + 2>/dev/null | tr -cd '[:print:]\\n'");
            String head = processes();
            assertThat(testbed.exec(1, "stat -c %a ~/.rowmill-remote ~/.cache/rowmill")
                            .lines())
                    .as("modes on the node")
                    .containsOnly("700");
            assertThat(testbed.head(
                                    "sh",
                                    "-c",
                                    "stat -c %a \"$0\"/.rowmill/run-* \"$0\"/.rowmill/logs/*",
                                    project.toString())
                            .lines())
                    .as("modes of state and logs on the head")
                    .containsOnly("700");
            // The password of the run, 48 hexadecimal digits, reaches the consumer on standard input.
            assertThat(seen).contains("agent.sh").doesNotContainPattern("(?<![0-9a-f])[0-9a-f]{48}(?![0-9a-f])");
            assertThat(head).contains("consumer-").doesNotContainPattern("(?<![0-9a-f])[0-9a-f]{48}(?![0-9a-f])");
            hurry();
            running.await().succeeded();
        }
    }

    private static String processes() {
        StringBuilder all = new StringBuilder();
        ProcessHandle.allProcesses()
                .forEach(process ->
                        all.append(process.info().commandLine().orElse("")).append('\n'));
        return all.toString();
    }

    @Nested
    class NodesThatChange {

        @Test
        void aKilledNodeLosesNoRow() {
            slowRows();
            try (ProducerCommand.Running running =
                    run(testbed.clusterCsv(), "-v").start()) {
                awaitReady(running, 1, 2, 3);

                testbed.kill(2);

                running.awaitErr(START, testbed.address(2) + ": lost");
                hurry();
                running.await().succeeded();
            } finally {
                testbed.start(2);
            }
            assertEachRowOnce(ROWS);
            // The next run removes what the killed node left.
            rows(ROWS + 100, "meet(context, 2);");
            run(testbed.clusterCsv(2)).run().succeeded();
        }

        @Test
        void aSilentNodeLosesNoRowAndDelaysNoOther() {
            slowRows();
            try (ProducerCommand.Running running =
                    run(testbed.clusterCsv(), "-v").start()) {
                awaitReady(running, 1, 2, 3);

                testbed.cut(3);

                running.awaitErr(START, testbed.address(3) + ": lost");
                hurry();
                running.await().succeeded();
            } finally {
                testbed.heal(3);
                // TCP repeats what was lost, after pauses as long as the time before: RFC 6298, 5.5.
                testbed.awaitNoProcesses(3, LONGEST_RETRANSMISSION);
            }
            assertEachRowOnce(ROWS);
        }

        @Test
        void aFrozenNodeLosesNoRow() {
            slowRows();
            try (ProducerCommand.Running running =
                    run(testbed.clusterCsv(), "-v").start()) {
                awaitReady(running, 1, 2, 3);

                testbed.freeze(2);

                running.awaitErr(START, testbed.address(2) + ": lost");
                hurry();
                running.await().succeeded();
            } finally {
                testbed.thaw(2);
            }
            assertEachRowOnce(ROWS);
        }

        @Test
        void aNodeThatReturnsIsUsedAgain() {
            slowRows();
            try (ProducerCommand.Running running =
                    run(testbed.clusterCsv(1), "-v", "--cpu-limit", 1).start()) {
                awaitReady(running, 1);
                testbed.kill(1);
                running.awaitErr(START, testbed.address(1) + ": lost");

                testbed.start(1);

                await().atMost(START).until(() -> running.err().split(testbed.address(1) + ": ready", -1).length == 3);
                running.signal("INT");
                assertThat(running.await().exitCode()).isEqualTo(130);
            }
        }

        @Test
        void aKilledConsumerIsReplaced() {
            slowRows();
            try (ProducerCommand.Running running =
                    run(testbed.clusterCsv(1), "-v").start()) {
                awaitReady(running, 1);

                testbed.rexec(1, "pkill -KILL java");

                await().atMost(START)
                        .until(() -> running.err().split(testbed.address(1) + ": consumer started", -1).length == 3);
                hurry();
                running.await().succeeded();
            }
            assertEachRowOnce(ROWS);
        }

        @Test
        void aNodeJoinsAndLeavesWithItsLineInTheClusterFile() throws IOException {
            slowRows();
            Path csv = testbed.clusterCsv(1);
            try (ProducerCommand.Running running = run(csv, "-v").start()) {
                awaitReady(running, 1);
                Files.writeString(csv, Files.readString(testbed.clusterCsv(1, 2)));
                awaitReady(running, 2);

                Files.writeString(csv, Files.readString(testbed.clusterCsv(2)));

                testbed.awaitNoProcesses(1, START);
                hurry();
                running.await().succeeded();
            }
            assertEachRowOnce(ROWS);
        }
    }

    private void rowsThatNeedALibrary(int rows, int computers) {
        Projects.table(project, "Slow", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    meet(context, %d);
                    Thread.sleep(Files.exists(Path.of("hurry")) ? 0 : 20);
                    if (Files.exists(Path.of("/srv/lacks-a-library"))) throw new IllegalStateException("no library");
                    return 3 * index;
                }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(rows, computers));
    }

    @Test
    void aNodeIsExcludedIfItsRowsFailThereAndSucceedElsewhere() {
        testbed.rexec(1, "touch /srv/lacks-a-library");
        rowsThatNeedALibrary(800, 2);
        try {
            ProducerCommand.Result result = run(testbed.clusterCsv(1)).run().succeeded();

            assertThat(result.err())
                    .containsOnlyOnce(testbed.address(1) + ": excluded for 1m: ")
                    .contains(" rows failed there at the first attempt (on the other nodes: 0 of ")
                    .contains("(IllegalStateException: no library; computed on ");
        } finally {
            testbed.rexec(1, "rm /srv/lacks-a-library");
        }
        assertEachRowOnce(800);
    }

    /** Then the project is the more likely cause. What was computed is kept. */
    @Test
    void theRunStopsIfMoreThanHalfOfTheNodesAreExcluded() {
        rowsThatNeedALibrary(3000, 4);
        for (int node = 1; node <= 3; node++) {
            testbed.rexec(node, "touch /srv/lacks-a-library");
        }
        try {
            ProducerCommand.Result result = run(testbed.clusterCsv()).run();

            assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("3 of 4 nodes are excluded, more than half: ");
        } finally {
            for (int node = 1; node <= 3; node++) {
                testbed.rexec(node, "rm /srv/lacks-a-library");
            }
        }
        hurry();
        run(testbed.clusterCsv()).run().succeeded();
        assertEachRowOnce(3000);
    }

    @Test
    void aKilledHeadLeavesNothingOnNodes() {
        slowRows();
        try (ProducerCommand.Running running = run(testbed.clusterCsv(), "-v").start()) {
            awaitReady(running, 1, 2, 3);

            running.signalHead("KILL");
        }
        for (int node : IntStream.rangeClosed(1, 3).toArray()) {
            testbed.awaitNoProcesses(node, Duration.ofSeconds(15));
        }
    }

    /** Nodes end their consumers, as if the head were gone, and are prepared again when it continues. */
    @Test
    void aFrozenHeadContinuesWithAllNodesAndLosesNoRow() {
        slowRows();
        try (ProducerCommand.Running running =
                run(testbed.clusterCsv(), "-v", "--no-progress").start()) {
            awaitReady(running, 1, 2, 3);

            running.signalHead("STOP");
            for (int node : IntStream.rangeClosed(1, 3).toArray()) {
                await().atMost(START)
                        .until(() -> testbed.ps(node).stream()
                                .noneMatch(process -> process.contains("java ") || process.contains("sshfs ")));
            }
            running.signalHead("CONT");

            for (int node : IntStream.rangeClosed(1, 3).toArray()) {
                await().atMost(START)
                        .until(() -> running.err().split(testbed.address(node) + ": ready", -1).length > 2);
            }
            hurry();
            running.await().succeeded();
        }
        assertEachRowOnce(ROWS);
    }

    @Test
    void anInterruptedRunLeavesNothingOnNodesAndTheNextRunContinues() {
        slowRows();
        try (ProducerCommand.Running running = run(testbed.clusterCsv(), "-v").start()) {
            awaitReady(running, 1, 2, 3);

            running.signal("INT");

            assertThat(running.await().exitCode()).isEqualTo(130);
        }
        hurry();
        run(testbed.clusterCsv()).run().succeeded();
        assertEachRowOnce(ROWS);
    }
}
