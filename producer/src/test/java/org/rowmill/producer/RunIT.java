package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rowmill.store.DuckDb;

/** Whole runs with the two jars: what a user types, reads and keeps. */
class RunIT {

    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();

    @TempDir
    private Path project;

    static Stream<Path> jdks() {
        return ProducerCommand.jdks();
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ProducerCommand.consumersAlive().isEmpty());
        if (Files.exists(project.resolve(".rowmill"))) {
            try (Stream<Path> left = Files.list(project.resolve(".rowmill"))) {
                assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("run-"));
            }
        }
    }

    private Path table(String name) {
        return project.resolve("tables").resolve(name);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void onlyPiIsPrintedOnStdoutAndOnlyTheGreetingOnStderr(Path jdk) {
        ProducerCommand.Result result = ProducerCommand.of(
                        "run", EXAMPLES.resolve("montecarlo-pi"), "--output", project, "--quick", 4, "--no-progress")
                .on(jdk)
                .run()
                .succeeded();

        assertThat(result.out()).matches("Computed pi ~ 3\\.14\\d+ using 40000000 total samples on 1 nodes\\.\\R");
        assertThat(result.err().lines())
                .containsExactly(
                        "............ [ Powered by Rowmill v0.1.0 ] ............",
                        "",
                        "No cluster is configured. To use more computers: --ssh-cluster-csv-path=rowmill_cluster.csv"
                                + " (java -jar producer.jar init cluster-config .)");
    }

    @Test
    void eachRowIsStoredOnceAndASecondRunComputesNothing() throws IOException {
        Projects.squares(project, 30_000);

        ProducerCommand.of("run", project).run().succeeded();

        assertThat(DuckDb.query(table("Squares"), "SELECT count(*), count(DISTINCT index), sum(square) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("30000", "30000", "8999550005000");
        Path killed = Files.createDirectories(project.resolve(".rowmill/run-killed"));
        Files.createFile(killed.resolve("lock"));
        ProducerCommand.Result again = ProducerCommand.of("run", project).run().succeeded();
        assertThat(again.err()).contains("30000 rows listed, 0 computed");
        assertThat(killed).as("state of a killed run").doesNotExist();
    }

    @Test
    void onlyAnAddedColumnIsComputedFromStoredValues() {
        Projects.squares(project, 500);
        ProducerCommand.of("run", project).run().succeeded();
        Projects.table(project, "Squares", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 500).boxed(); }
                @Column long square(int index) { return (long) index * index; }
                @Column long cube(long square, int index) { return square * index; }
                @Column long fourth(long square) { return square * square; }
                """);

        ProducerCommand.Result dry =
                ProducerCommand.of("run", project, "--dry-run").run().succeeded();
        ProducerCommand.of("run", project).run().succeeded();

        assertThat(dry.out()).containsPattern("square +0\\R").containsPattern("fourth +500\\R");
        assertThat(DuckDb.query(table("Squares"), "SELECT count(*), sum(fourth = square * square)::BIGINT FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("500", "500");
    }

    @Test
    void aChangedTypeIsRefusedUntilItIsRecomputed() {
        Projects.squares(project, 50);
        ProducerCommand.of("run", project).run().succeeded();
        Projects.table(project, "Squares", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 50).boxed(); }
                @Column String square(int index) { return "" + index * index; }
                @Column long cube(int index) { return (long) index * index * index; }
                """);

        ProducerCommand.of("run", project).run().refused("square", "long", "string", "--recompute square");
        ProducerCommand.of("run", project, "--recompute", "square").run().succeeded();

        assertThat(DuckDb.query(table("Squares"), "SELECT square FROM $ WHERE index = 7"))
                .containsExactly(List.of("49"));
        assertThat(DuckDb.number(table("Squares"), "SELECT count(*) FROM $")).isEqualTo(50);
    }

    @Nested
    class RowsThatFail {

        @Test
        void aFailedRowKeepsItsOtherColumnsAndAllOtherRows() {
            Projects.table(project, "Fragile", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 1000).boxed(); }
                    @Column int good(int index) { return index; }
                    @Column int bad(int index) {
                        if (index == 500) throw new IllegalStateException("five hundred is too much");
                        return index;
                    }
                    @Column int needsBad(int bad) { return bad + 1; }
                    """);

            ProducerCommand.Result result = ProducerCommand.of("run", project).run();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .contains(
                            "1 failed",
                            "1 x java.lang.IllegalStateException: five hundred is too much",
                            "Fragile.java:");
            assertThat(DuckDb.query(
                                    table("Fragile"),
                                    "SELECT count(*), count(good), count(bad), count(needs_bad) FROM $")
                            .get(0))
                    .extracting(String::valueOf)
                    .containsExactly("1000", "1000", "999", "999");
            assertThat(ProducerCommand.of("show", project, "Fragile", "--failed")
                            .run()
                            .succeeded()
                            .out())
                    .contains("500", "five hundred is too much");
        }

        @Test
        void aRowWithTooManyValuesFailsWithTheReason() {
            Projects.table(project, "Lists", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 3).boxed(); }
                    @Column List<Integer> list(int index) {
                        return java.util.Collections.nCopies(index == 1 ? 9_000_000 : index, null);
                    }
                    """);

            ProducerCommand.Result result = ProducerCommand.of("run", project).run();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("a row can have at most 8388608 values", "write them to a file");
            assertThat(DuckDb.query(table("Lists"), "SELECT index FROM $ ORDER BY index"))
                    .extracting(row -> String.valueOf(row.get(0)))
                    .containsExactly("0", "2");
        }

        @Test
        void failedRowsAreRetriedByTheNextRunUnlessRetryFailedIsNo() throws IOException {
            Projects.table(project, "Moody", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 10).boxed(); }
                    @Column int value(int index) {
                        if (index == 3 && !Files.exists(Path.of("cured"))) throw new IllegalStateException("ill");
                        return index;
                    }
                    """);

            assertThat(ProducerCommand.of("run", project).run().exitCode()).isEqualTo(1);
            Files.createFile(project.resolve("cured"));
            assertThat(ProducerCommand.of("run", project, "--retry-failed", "no")
                            .run()
                            .exitCode())
                    .isEqualTo(1);
            assertThat(DuckDb.number(table("Moody"), "SELECT count(value) FROM $"))
                    .isEqualTo(9);
            ProducerCommand.of("run", project).run().succeeded();

            assertThat(DuckDb.number(table("Moody"), "SELECT count(value) FROM $"))
                    .isEqualTo(10);
            assertThat(ProducerCommand.of("show", project, "Moody", "--failed", "--format", "csv")
                            .run()
                            .out()
                            .lines())
                    .hasSizeLessThanOrEqualTo(1);
        }

        @Test
        void tooManyFailedRowsStopTheRun() {
            Projects.table(project, "Hopeless", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 100_000).boxed(); }
                    @Column int value(int index) { throw new IllegalStateException("no"); }
                    """);

            ProducerCommand.Result result =
                    ProducerCommand.of("run", project, "--max-failures", 50).run();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("--max-failures 50");
        }
    }

    @Nested
    class ConsumersThatCrash {

        @Test
        void aPoisonRowFailsAlone() {
            Projects.table(project, "Suicidal", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 1000).boxed(); }
                    @Column int value(int index) {
                        if (index == 500) System.exit(3);
                        return index;
                    }
                    """);

            ProducerCommand.Result result = ProducerCommand.of("run", project).run();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("1 x ConsumerCrashed", "exit code 3", "first row: 500");
            assertThat(DuckDb.query(table("Suicidal"), "SELECT count(*), count(DISTINCT index), count(value) FROM $")
                            .get(0))
                    .extracting(String::valueOf)
                    .containsExactly("999", "999", "999");
        }

        @Test
        void aCrashForLackOfMemoryIsReported() {
            Projects.table(project, "Hungry", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 20).boxed(); }
                    @Column int value(int index) {
                        List<long[]> all = new ArrayList<>();
                        while (index == 7) all.add(new long[1 << 20]);
                        return index;
                    }
                    """);

            ProducerCommand.Result result = ProducerCommand.of("run", project)
                    .with("JDK_JAVA_OPTIONS", "-XX:MaxRAM=1g") // Filling the memory of the computer would take longer.
                    .run();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("OutOfMemoryError", "first row: 7");
            assertThat(DuckDb.number(table("Hungry"), "SELECT count(value) FROM $"))
                    .isEqualTo(19);
        }

        @Test
        void aCrashForLackOfThreadsFailsOnlyTheRowThatStartsThem() {
            Projects.table(project, "Threads", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 20).boxed(); }
                    @Column int value(int index) {
                        // What Thread.start() throws. Starting so many threads would take them from other tests.
                        if (index == 7) throw new OutOfMemoryError("unable to create native thread");
                        return index;
                    }
                    """);

            ProducerCommand.Result result = ProducerCommand.of("run", project).run();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("ran out of memory (java.lang.OutOfMemoryError)", "first row: 7");
            assertThat(DuckDb.number(table("Threads"), "SELECT count(value) FROM $"))
                    .isEqualTo(19);
        }

        @Test
        void consumersKilledEverySecondLoseAndDuplicateNoRow() throws IOException {
            Projects.table(project, "Killed", "Integer", """
                    @Override public Stream<Integer> index() { return IntStream.range(0, 20_000).boxed(); }
                    @Column int value(int index) throws InterruptedException {
                        Thread.sleep(Files.exists(Path.of("hurry")) ? 0 : 20);
                        return index;
                    }
                    """);

            int kills = 0;
            try (ProducerCommand.Running running =
                    ProducerCommand.of("run", project).start()) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> !running.consumers().isEmpty());
                long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
                while (System.nanoTime() < end && running.process().isAlive()) {
                    List<ProcessHandle> consumers = running.consumers();
                    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                    kills += (int) consumers.stream()
                            .filter(ProcessHandle::destroyForcibly)
                            .count();
                }
                Files.createFile(project.resolve("hurry"));
                running.await().succeeded();
            }

            assertThat(kills).isGreaterThanOrEqualTo(7);
            assertThat(DuckDb.query(table("Killed"), "SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                            .get(0))
                    .extracting(String::valueOf)
                    .containsExactly("20000", "20000", "199990000");
        }
    }

    @Test
    void ctrlCDrainsTheRunAndTheNextRunContinues() {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 300).boxed(); }
                @Column int value(int index) throws Exception {
                    Files.write(Path.of("begun"), new byte[0]);
                    Thread.sleep(20);
                    return index;
                }
                """);
        try (ProducerCommand.Running running =
                ProducerCommand.of("run", project, "-v").start()) {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(project.resolve("begun")));

            running.signal("INT");

            ProducerCommand.Result result = running.await();
            assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
            assertThat(result.err()).contains("Stopping");
            assertThat(running.consumers()).isEmpty();
        }
        assertThat(DuckDb.number(table("Slow"), "SELECT count(*) FROM $")).isBetween(1L, 299L);

        ProducerCommand.of("run", project).run().succeeded();

        assertThat(DuckDb.query(table("Slow"), "SELECT count(*), count(DISTINCT index) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("300", "300");
    }

    @Test
    void theConsumerEndsWhenTheHeadIsKilled() {
        Projects.table(project, "Endless", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 10).boxed(); }
                @Column int value(int index) { while (true) Thread.onSpinWait(); }
                """);
        try (ProducerCommand.Running running =
                ProducerCommand.of("run", project, "-v").start()) {
            running.awaitErr(Duration.ofSeconds(60), "consumer started");
            List<ProcessHandle> consumers = running.consumers();
            assertThat(consumers).isNotEmpty();

            running.signal("KILL");

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> consumers.stream().noneMatch(ProcessHandle::isAlive));
        }
        Projects.squares(project, 10); // The next run of any table removes what the killed run left.
        ProducerCommand.of("run", project, "Squares").run().succeeded();
    }

    @Test
    void aSecondRunOfTheSameTableIsRefused() {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 1000).boxed(); }
                @Column int value(int index) throws InterruptedException { Thread.sleep(20); return index; }
                """);
        try (ProducerCommand.Running running =
                ProducerCommand.of("run", project, "-v").start()) {
            running.awaitErr(Duration.ofSeconds(60), "consumer started");

            ProducerCommand.of("run", project)
                    .run()
                    .refused("Slow", Long.toString(running.head().orElseThrow().pid()));

            running.signal("INT");
            assertThat(running.await().exitCode()).isEqualTo(130);
        }
    }

    @Test
    void metricsAreServedWhileTheRunLasts() throws IOException, InterruptedException {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 2000).boxed(); }
                @Column int value(int index) throws InterruptedException { Thread.sleep(10); return index; }
                """);
        try (ProducerCommand.Running running =
                ProducerCommand.of("run", project, "-v").start()) {
            Pattern address = Pattern.compile("metrics at (http://127\\.0\\.0\\.1:(\\d+)/metrics)");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> address.matcher(running.err()).find());
            Matcher found = address.matcher(running.err());
            assertThat(found.find()).isTrue();
            assertThat(Integer.parseInt(found.group(2))).isBetween(11000, 11499);

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(get(found.group(1)))
                            .contains("rowmill_rows_total{outcome=\"done\",table=\"Slow\"}")
                            .contains("rowmill_row_time_seconds", "rowmill_in_flight", "rowmill_queue_rows")
                            .contains("rowmill_slots_busy", "jvm_memory_used_bytes"));
            running.signal("INT");
            assertThat(running.await().exitCode()).isEqualTo(130);
        }
    }

    private static String get(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void columnsPrintToTheLogOfTheRunWithTheirRow() throws IOException {
        Projects.table(project, "Chatty", "String", """
                @Override public Stream<String> index() { return Stream.of("a", "b"); }
                @Column int value(String index) { System.out.println("hello from " + index); return 1; }
                """);

        ProducerCommand.Result result = ProducerCommand.of("run", project).run().succeeded();

        assertThat(result.out() + result.err()).doesNotContain("hello from");
        try (Stream<Path> logs = Files.walk(project.resolve(".rowmill/logs"))) {
            assertThat(logs.filter(Files::isRegularFile).map(RunIT::text))
                    .anySatisfy(log -> assertThat(log).contains("[Chatty a] hello from a", "[Chatty b] hello from b"));
        }
        assertThat(ProducerCommand.of("run", project, "-v", "--recompute", "value")
                        .run()
                        .succeeded()
                        .err())
                .contains("[Chatty a] hello from a");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Nested
    class Indices {

        @Test
        void quickLimitsAnEndlessIndex() {
            Projects.table(project, "Endless", "Long", """
                    @Override public Stream<Long> index() { return Stream.iterate(0L, i -> i + 1); }
                    @Column long value(long index) { return index; }
                    """);

            ProducerCommand.of("run", project, "--quick", 100).run().succeeded();

            assertThat(DuckDb.number(table("Endless"), "SELECT count(*) FROM $"))
                    .isEqualTo(100);
        }

        @Test
        void anIndexThatThrowsKeepsTheRowsListedBefore() {
            Projects.table(project, "Broken", "Integer", """
                    @Override public Stream<Integer> index() {
                        return IntStream.range(0, 100).mapToObj(i -> {
                            if (i == 60) throw new IllegalStateException("no more");
                            return i;
                        });
                    }
                    @Column int value(int index) { return index; }
                    """);

            ProducerCommand.of("run", project).run().refused("Broken", "index() threw", "no more", "Broken.java:");

            assertThat(DuckDb.number(table("Broken"), "SELECT count(*) FROM $")).isEqualTo(60);
        }

        @Test
        void anIndexThatIsListedTwiceIsRefused() {
            Projects.table(project, "Twice", "String", """
                    @Override public Stream<String> index() { return Stream.of("x", "y", "x"); }
                    @Column int value(String index) { return 1; }
                    """);

            ProducerCommand.of("run", project).run().refused("Twice", "lists x twice", "row 3");
        }
    }
}
