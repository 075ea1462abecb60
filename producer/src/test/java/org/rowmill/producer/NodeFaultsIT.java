package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Nodes that lack something or refuse a connection: the run skips each with the reason and the fix. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeFaultsIT {

    private static final int NO_JAVA = 1;
    private static final int NO_SSHFS = 2;
    private static final int NO_FUSE = 3;
    private static final int OTHER_HOST_KEY = 4;
    private static final int REFUSED_KEY = 5;
    private static final int OTHER_PORT = 6;
    private static final int ONE_CPU = 7;
    private static final int LOGIN_JAVA = 8;
    private static final int SILENT = 9;
    private static final int NO_FORWARDING = 10;
    private static final int OTHER_MACHINE = 11;
    private static final int HALF_THE_TIME = 12;
    private static final int LITTLE_MEMORY = 13;
    private static final int NODES = 13;

    private static final Duration START = Duration.ofSeconds(90);

    private Testbed testbed;

    @TempDir
    private Path project;

    @BeforeAll
    void up() {
        testbed = Testbed.up(
                NODES,
                NO_JAVA + ":nojava",
                NO_SSHFS + ":nosshfs",
                NO_FUSE + ":nofuse",
                OTHER_HOST_KEY + ":hostkey",
                REFUSED_KEY + ":noauth",
                OTHER_PORT + ":port=2222",
                ONE_CPU + ":limit=1",
                LOGIN_JAVA + ":loginjava",
                NO_FORWARDING + ":noforward",
                OTHER_MACHINE + ":nojava",
                HALF_THE_TIME + ":cpu=1",
                LITTLE_MEMORY + ":mem=600,limit=1");
    }

    @AfterAll
    void down() {
        testbed.close();
    }

    /** Runs on one node. No row ends before the run has printed these texts. */
    private ProducerCommand.Result runUntilPrinted(int node, String... texts) throws IOException {
        Predicate<String> all = err -> Stream.of(texts).allMatch(err::contains);
        return runUntil(all, "--no-progress", testbed.clusterCsv(node));
    }

    private ProducerCommand.Result runUntil(Predicate<String> isComplete, Object more, Path csv) throws IOException {
        String rows = "while (!Files.exists(Path.of(\"go\"))) { Thread.sleep(50); }";
        try (ProducerCommand.Running running = command(100, rows, more, csv).start()) {
            await().atMost(START).untilAsserted(() -> assertThat(running.err()).matches(isComplete, "all is printed"));
            Files.createFile(project.resolve("go"));
            return running.await().succeeded();
        }
    }

    /** Runs until the head and one node of the file have computed rows. */
    private ProducerCommand.Result meet(Object more, Path csv) {
        return command(100, "meet(context, 2); Thread.sleep(50);", more, csv)
                .run()
                .succeeded();
    }

    private ProducerCommand.Result meet(int node) {
        return meet("--no-progress", testbed.clusterCsv(node));
    }

    private ProducerCommand command(int rows, String statements, Object more, Path csv) {
        Projects.table(project, "Slow", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index, RowContext context) throws Exception { %s return index; }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(rows, statements));
        List<Object> arguments = new ArrayList<>(List.of("run", project, "-v", "--ssh-cluster-csv-path", csv));
        arguments.addAll(more instanceof List<?> list ? list : List.of(more));
        return onHead(arguments.toArray());
    }

    private ProducerCommand onHead(Object... arguments) {
        return ProducerCommand.of(arguments)
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    /** Writes a table whose first row on this node executes the statements; all other rows only sleep. */
    private void doingOnce(int node, String statements) {
        Projects.table(project, "Slow", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, 300).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    meet(context, 2);
                    Path done = Path.of(System.getenv("HOME"), "done");
                    if (context.node().equals("%s") && !Files.exists(done)) {
                        Files.createFile(done);
                        once();
                    }
                    Thread.sleep(50);
                    return index;
                }
                private static void once() throws Exception {
                    %s
                }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(testbed.address(node), statements));
    }

    /** Returns the failed attempts that the last run logged, and those that followed. */
    private String attempts() throws IOException {
        try (Stream<Path> logs = Files.walk(project.resolve(".rowmill/logs"))) {
            Optional<Path> newest =
                    logs.filter(file -> file.endsWith("attempts.csv")).max(Comparator.naturalOrder());
            return newest.isPresent() ? Files.readString(newest.get()) : "";
        }
    }

    private List<String> computedOn() {
        return DuckDb.query(project.resolve("tables/Slow"), "SELECT DISTINCT node FROM $").stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    @Test
    void aNodeWithoutSshfsIsSkippedWithTheCommandThatInstallsIt() throws IOException {
        runUntilPrinted(
                NO_SSHFS,
                "warning: " + testbed.address(NO_SSHFS) + ": mount: it has no sshfs",
                "apt-get install sshfs",
                "--no-remote-mount-needed");

        assertThat(computedOn()).doesNotContain(testbed.address(NO_SSHFS));
    }

    @Test
    void aNodeWithoutSshfsComputesTablesThatNeedNoFiles() {
        List<String> options = List.of("--no-remote-mount-needed", "--cpu-limit", "1");
        command(400, "Thread.sleep(50);", options, testbed.clusterCsv(NO_SSHFS))
                .run()
                .succeeded();

        assertThat(computedOn()).contains(testbed.address(NO_SSHFS));
    }

    @Test
    void aNodeWithoutFuseIsSkipped() throws IOException {
        runUntilPrinted(NO_FUSE, testbed.address(NO_FUSE) + ": mount: ", "/dev/fuse");
    }

    @Test
    void aNodeWithoutJavaGetsTheRuntimeOfTheHead() {
        meet(NO_JAVA);

        assertThat(computedOn()).contains(testbed.address(NO_JAVA));
    }

    @Test
    void aNodeWhoseConsumerKeepsCrashingIsExcluded() throws IOException {
        testbed.exec(NO_JAVA, """
                mkdir -p ~/.cache/rowmill/0.jre/bin && cd ~/.cache/rowmill/0.jre && echo 'JAVA_VERSION="17.0.1"' >release
                printf '#!/bin/sh\necho no such luck; exit 9\n' >bin/java && chmod +x bin/java""");
        try {
            runUntilPrinted(
                    NO_JAVA,
                    testbed.address(NO_JAVA) + ": excluded: its consumer ended with exit code 9",
                    "5 times without computing a row",
                    "no such luck");
        } finally {
            testbed.exec(NO_JAVA, "rm -r ~/.cache/rowmill/0.jre");
        }
    }

    /** The owner of the node has put a class before Rowmill's that sends garbage for each row. */
    @Test
    void aNodeThatSendsInvalidMessagesIsExcluded(@TempDir Path temporary) throws IOException {
        String java = testbed.exec(ONE_CPU, "command -v java").strip();
        testbed.exec(ONE_CPU, HostileConsumer.script(temporary, java));
        try {
            ProducerCommand.Result result = runUntilPrinted(
                    ONE_CPU,
                    testbed.address(ONE_CPU)
                            + ": sent an invalid message (a result that is unreadable or incomplete); rejected",
                    testbed.address(ONE_CPU) + ": excluded for the rest of the run: it sent 3 invalid messages");

            assertThat(result.err()).containsOnlyOnce(testbed.address(ONE_CPU) + ": ready");
            assertThat(computedOn()).doesNotContain(testbed.address(ONE_CPU));
            assertThat(DuckDb.number(
                            project.resolve("tables/Slow"), "SELECT count(DISTINCT index) FROM $ WHERE value = index"))
                    .isEqualTo(100);
        } finally {
            testbed.exec(ONE_CPU, "rm -r bin evil .bashrc");
        }
    }

    /** Heap and direct memory stay within their limits, but exceed the memory of the node together. Happens once. */
    @Test
    void aConsumerThatTheSystemKillsForItsMemoryIsReplaced() {
        doingOnce(LITTLE_MEMORY, """
                long most = Runtime.getRuntime().maxMemory() >> 20;
                List<Object> kept = new ArrayList<>();
                for (long i = 0; i < most * 9 / 10; i++) {
                    byte[] filled = new byte[1 << 20];
                    kept.add(java.nio.ByteBuffer.allocateDirect(1 << 20).put(filled));
                    if (i < most * 7 / 10) { kept.add(filled); }
                }
                """);

        ProducerCommand.Result result = onHead(
                        "run", project, "-v", "--ssh-cluster-csv-path", testbed.clusterCsv(LITTLE_MEMORY))
                .run()
                .succeeded();

        assertThat(result.err())
                .containsPattern(Pattern.quote(testbed.address(LITTLE_MEMORY))
                        + ".*was killed \\(signal 9; the system may be out of memory\\)");
        assertThat(computedOn()).contains(testbed.address(LITTLE_MEMORY));
        assertThat(DuckDb.number(
                        project.resolve("tables/Slow"), "SELECT count(DISTINCT index) FROM $ WHERE value = index"))
                .isEqualTo(300);
    }

    /**
     * The row starts processes until the limit of the node's user; the node agent still works. The shell begins only
     * when Java has started the thread that waits for it: without that thread the consumer would end.
     */
    @Test
    void aRowThatStartsProcessesWithoutEndFailsAndTheProcessesEnd() throws IOException {
        testbed.rexec(ONE_CPU, "prlimit --nproc=150:150 --pid $(pgrep -o -x sshd)");
        doingOnce(ONE_CPU, """
                Process shell = new ProcessBuilder("sh", "-c", "read begin; while :; do sleep 300 & done").start();
                shell.getOutputStream().write('\\n');
                shell.getOutputStream().flush();
                throw new IllegalStateException("processes without end: " + shell.waitFor());
                """);
        try {
            ProducerCommand.Result result = onHead(
                            "run", project, "-v", "--ssh-cluster-csv-path", testbed.clusterCsv(ONE_CPU))
                    .run()
                    .succeeded();

            assertThat(attempts())
                    .as(result.err())
                    .contains("processes without end: 2"); // The shell ends with 2 if it cannot fork.
            assertThat(computedOn()).contains(testbed.address(ONE_CPU));
            assertThat(DuckDb.number(
                            project.resolve("tables/Slow"), "SELECT count(DISTINCT index) FROM $ WHERE value = index"))
                    .isEqualTo(300);
            await().atMost(START)
                    .untilAsserted(() -> assertThat(testbed.ps(ONE_CPU)).isEmpty());
        } finally {
            testbed.rexec(
                    ONE_CPU,
                    "prlimit --nproc=unlimited:unlimited --pid $(pgrep -o -x sshd); rm -f ~tb" + ONE_CPU + "/done");
        }
    }

    @Test
    void javaThatOnlyALoginShellFindsIsUsed() {
        meet(LOGIN_JAVA);

        assertThat(computedOn()).contains(testbed.address(LOGIN_JAVA));
    }

    @Test
    void aChangedHostKeyIsRefused() throws IOException {
        runUntilPrinted(OTHER_HOST_KEY, testbed.address(OTHER_HOST_KEY) + ": host key: ", "ssh-keygen -R");

        assertThat(computedOn()).doesNotContain(testbed.address(OTHER_HOST_KEY));
    }

    @Test
    void aRefusedKeyIsReportedWithTheCommandThatInstallsIt() throws IOException {
        runUntilPrinted(REFUSED_KEY, testbed.address(REFUSED_KEY) + ": authenticate: ", "ssh-copy-id");
    }

    @Test
    void theSshPortOfTheClusterFileIsUsed() {
        meet(OTHER_PORT);

        assertThat(computedOn()).contains(testbed.address(OTHER_PORT) + ":2222");
    }

    /** The shell that starts sshfs is slow on this node. */
    @Test
    void aNodeThatIsSlowToStartSshfsIsUsed() {
        testbed.exec(
                HALF_THE_TIME,
                "mkdir bin; printf '#!/bin/bash\\ncase $2 in \"echo \\$\\$\"*) sleep 1;; esac; exec /bin/sh \"$@\"' >bin/sh;"
                        + " chmod +x bin/sh; echo 'PATH=~/bin:$PATH' >.bashrc");
        try {
            assertThat(meet(HALF_THE_TIME).err()).doesNotContain("warning");
            assertThat(computedOn()).contains(testbed.address(HALF_THE_TIME));
        } finally {
            testbed.exec(HALF_THE_TIME, "rm -r bin .bashrc");
        }
    }

    @Test
    void noMoreRowsAreComputedAtOnceThanTheClusterFileAllows() {
        ProducerCommand.Result result = meet(ONE_CPU);

        assertThat(computedOn()).contains(testbed.address(ONE_CPU));
        assertThat(result.err()).contains(testbed.address(ONE_CPU) + ": ready, 1 slots");
    }

    @Test
    void aSilentNodeDelaysNoOther() {
        testbed.cut(SILENT);
        try {
            ProducerCommand.Result result =
                    meet(List.of("--connect-timeout", "3s", "--no-progress"), testbed.clusterCsv(SILENT, OTHER_PORT));

            assertThat(result.err()).contains(testbed.address(SILENT) + ": connect: ");
            assertThat(computedOn()).contains(testbed.address(OTHER_PORT) + ":2222");
        } finally {
            testbed.heal(SILENT);
        }
    }

    @Test
    void withoutALimitInTheClusterFileTheLimitOfTheNodeApplies() throws IOException {
        Path csv = testbed.clusterCsv(HALF_THE_TIME);
        Files.writeString(csv, Files.readString(csv).replaceAll("(?m),\\d+$", ","));

        ProducerCommand.Result result = meet("--no-progress", csv);

        assertThat(result.err()).contains(testbed.address(HALF_THE_TIME) + ": ready, 1 slots");
        assertThat(computedOn()).contains(testbed.address(HALF_THE_TIME));
    }

    /** Each message of the table "Most likely problems" is printed in these words. */
    @Test
    void theMostLikelyProblemsAreReportedAsDocumented() throws IOException {
        Files.writeString(
                testbed.sshDirectory().resolve("config"),
                "Host stranger\nHostName " + testbed.address(OTHER_PORT) + "\nPort 2222\nHostKeyAlias stranger\n");
        testbed.exec(
                OTHER_MACHINE,
                "mkdir bin; printf '#!/bin/sh\\ncase $1 in -m) echo riscv64;; *) exec /bin/uname \"$@\";; esac' >bin/uname;"
                        + " chmod +x bin/uname; echo 'PATH=~/bin:$PATH' >.bashrc");
        Path csv = testbed.clusterCsv(
                NO_SSHFS, NO_FUSE, OTHER_HOST_KEY, REFUSED_KEY, SILENT, NO_FORWARDING, OTHER_MACHINE);
        Files.writeString(
                csv,
                "no-such-node.invalid,,,,\n" + testbed.address(OTHER_PORT) + ",,22,,\nstranger,,,,\n",
                StandardOpenOption.APPEND);
        testbed.cut(SILENT);
        try {
            List<Pattern> problems = documentedProblems();
            assertThat(problems).hasSize(10);

            String err = runUntil(
                            printed -> problems.stream()
                                    .allMatch(problem -> warnings(printed).anyMatch(problem.asPredicate())),
                            List.of("--connect-timeout", "3s", "--host-keys", "strict", "--no-progress"),
                            csv)
                    .err();

            assertThat(warnings(err)).as(err).hasSameSizeAs(problems);
        } finally {
            testbed.heal(SILENT);
            Files.delete(testbed.sshDirectory().resolve("config"));
        }
    }

    private static Stream<String> warnings(String err) {
        return err.lines().filter(line -> line.startsWith("warning: "));
    }

    /** Returns patterns of the messages; "…" matches anything. */
    private static List<Pattern> documentedProblems() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "clusters.md"));
        return page.substring(page.indexOf("## Most likely problems"), page.indexOf("## Less likely ones"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1])
                .map(text -> Stream.of(text.split("…")).map(Pattern::quote).collect(Collectors.joining(".*")))
                .map(Pattern::compile)
                .toList();
    }
}
