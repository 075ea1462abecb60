package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Rows that fail, hang or take too long, on the head. */
class FailingRowsIT {

    @TempDir
    private Path project;

    @AfterEach
    void noConsumerIsLeft() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ProducerCommand.consumersAlive().isEmpty());
    }

    private Path table(String name) {
        return project.resolve("tables").resolve(name);
    }

    private ProducerCommand run(Object... options) {
        List<Object> arguments = new java.util.ArrayList<>(List.of("run", project, "--no-progress"));
        arguments.addAll(List.of(options));
        return ProducerCommand.of(arguments.toArray());
    }

    private List<String> linesOf(String file) throws IOException {
        return Files.readAllLines(project.resolve(file));
    }

    /** The columns that a first attempt computed are not computed again. */
    @Test
    void onlyTheFailedColumnsOfARowAreRetried() throws IOException {
        Projects.table(project, "Moody", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 20).boxed(); }
                @Column int dear(int index) throws Exception {
                    Files.writeString(Path.of("dear.txt"), index + "\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    return index;
                }
                @Column int value(int dear, RowContext context) {
                    if (dear % 5 == 0 && context.attempt() == 1) throw new IllegalStateException("not yet");
                    return 2 * dear;
                }
                """);

        run().run().succeeded();

        assertThat(DuckDb.query(table("Moody"), "SELECT count(*), sum(dear), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("20", "190", "380");
        assertThat(linesOf("dear.txt")).hasSize(20);
        assertThat(ProducerCommand.of("show", project, "Moody", "--failed", "--format", "csv")
                        .run()
                        .out()
                        .lines())
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aRowIsRetriedAsOftenAsAskedAndOnlyForTheListedExceptions() throws IOException {
        Projects.table(project, "Tried", "String", """
                @Override public Stream<String> index() { return Stream.of("io", "state"); }
                @Column(retryOn = java.io.IOException.class) int value(String index) throws Exception {
                    Files.writeString(Path.of("tried-" + index), "x\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    if (index.equals("io")) throw new java.io.FileNotFoundException("gone");
                    throw new IllegalStateException("wrong");
                }
                """);

        assertThat(run("--retries", 2).run().exitCode()).isEqualTo(1);
        assertThat(linesOf("tried-io")).hasSize(3);
        assertThat(linesOf("tried-state")).hasSize(1);

        assertThat(run("--retries", 0).run().exitCode()).isEqualTo(1);
        assertThat(linesOf("tried-io")).hasSize(4);
        assertThat(linesOf("tried-state")).hasSize(2);
    }

    @Test
    void aRowThatExceedsItsTimeLimitIsInterruptedAndKeepsItsOtherColumns() {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 50).boxed(); }
                @Column int quick(int index) { return index; }
                @Column(timeout = "200ms") int slow(int index) throws InterruptedException {
                    if (index == 7) Thread.sleep(600_000);
                    return index;
                }
                @Column int program(RowContext context, int index) throws Exception {
                    return context.run(new ProcessBuilder("sleep", index == 9 ? "613.7" : "0")).exitCode();
                }
                """);

        ProducerCommand.Result result = run("--timeout", "4s", "--retries", 0).run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("it took longer than 200ms (@Column(timeout))", "it took longer than 4s (--timeout)");
        assertThat(DuckDb.query(table("Slow"), "SELECT count(*), count(quick), count(slow), count(program) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("50", "50", "49", "49");
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(command -> command.endsWith("sleep 613.7"));
    }

    @Test
    void explainPrintsTheCrashThatARowCaused() {
        Projects.table(project, "Deadly", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 20).boxed(); }
                @Column int value(int index) throws Exception {
                    if (index == 7 && !Files.exists(Path.of("died"))) {
                        Files.createFile(Path.of("died"));
                        System.exit(9);
                    }
                    return index;
                }
                """);
        run("--cpu-limit", 1).run().succeeded();

        String explained =
                ProducerCommand.of("explain", project, 7).run().succeeded().out();

        assertThat(explained)
                .containsPattern(
                        "attempt 1 on \\S+: ConsumerCrashed: the consumer ended with exit code 9 \\(.*\\) while it"
                                + " computed this row\\R")
                .containsPattern("attempt 2 on \\S+, [0-9.]+ s: computed\\R");
        assertThat(ProducerCommand.of("explain", project, 6).run().out()).doesNotContain("attempt");
    }

    @Test
    void aRowIsExplainedAndComputedAloneInOneProcess() throws IOException {
        Projects.table(project, "Odd", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 10).boxed(); }
                @Column int half(int index) throws Exception {
                    System.out.println("halving " + index);
                    if (index == 7 && !Files.exists(Path.of("cured"))) throw new IllegalStateException("odd one");
                    return index / 2;
                }
                @Column long pid() { return ProcessHandle.current().pid(); }
                """);
        assertThat(run().run().exitCode()).isEqualTo(1);

        String explained =
                ProducerCommand.of("explain", project, 7).run().succeeded().out();

        assertThat(explained)
                .contains("Odd, row 7", "java.lang.IllegalStateException: odd one", "column half", "2 attempts")
                .contains("attempt 1 on ", "attempt 2 on ", ": halving 7")
                .contains("cd " + project + " && java -agentlib:", "run . Odd --only 7 --in-process");
        assertThat(ProducerCommand.of("explain", project, 77).run().exitCode()).isEqualTo(2);

        Files.createFile(project.resolve("cured"));
        ProducerCommand.Result alone = ProducerCommand.of(
                        "run", ".", "Odd", "--only", 7, "--in-process", "--no-progress")
                .behind("env", "-C", project.toString())
                .onJvmWith("-Xmx300m")
                .run()
                .succeeded();
        assertThat(alone.out()).isEmpty();
        assertThat(alone.err()).contains("halving 7");
        assertThat(DuckDb.query(table("Odd"), "SELECT half, (SELECT count(*) FROM $) FROM $ WHERE index = 7")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("3", "10");
        assertThat(run("--only", 99).run().exitCode()).isEqualTo(2);
    }

    @Test
    void noMoreRowsAreComputedAtOnceThanTheMemoryAllows() {
        Projects.squares(project, 10);

        assertThat(run("--memory-per-slot", "900g", "--cpu-limit", 3, "-v")
                        .run()
                        .succeeded()
                        .err())
                .contains("1 rows at once instead of 3: the heap has ");
    }

    @Test
    void theRunReportsWhatItWaitsForIfNoRowFinishes() throws IOException {
        Projects.table(project, "Long", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 40).boxed(); }
                @Column int value(int index) throws InterruptedException {
                    while (index == 17 && !Files.exists(Path.of("go"))) { Thread.sleep(20); }
                    return index;
                }
                """);
        String warning = "Long: no row has finished for 5s. The run waits for: ";
        String cause = " computes 1 row, the oldest one (17) for ";

        ProducerCommand.Result result;
        try (ProducerCommand.Running running = run("--stall", "5s").start()) {
            running.awaitErr(Duration.ofMinutes(2), warning, cause);
            Files.createFile(project.resolve("go"));
            result = running.await().succeeded();
        }

        // On a busy computer the start of the consumer causes a warning of its own.
        assertThat(result.err().lines().filter(line -> line.contains(cause)))
                .singleElement()
                .asString()
                .contains(warning);
    }

    @Test
    void aRowThatIgnoresTheInterruptCostsNoOtherRow() {
        Projects.table(project, "Stuck", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 200).boxed(); }
                @Column int value(int index) {
                    long end = System.nanoTime() + 10_000_000L;
                    while (index == 100 || System.nanoTime() < end) Thread.onSpinWait();
                    return index;
                }
                """);

        ProducerCommand.Result result =
                run("--timeout", "1s", "--retries", 0, "-v").run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "1 x java.util.concurrent.TimeoutException",
                        "exceeded its time limit (--timeout, @Column(timeout)) and ignored the interrupt",
                        "first row: 100")
                .contains("(Stuck.java:");
        assertThat(DuckDb.query(table("Stuck"), "SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("199", "199", "19800");
    }
}
