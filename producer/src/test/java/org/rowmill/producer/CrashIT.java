package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Kills the head at random moments: published rows stay, the others are computed again, and no row is stored twice. */
class CrashIT {

    /** The nightly build kills the head more often. */
    private static final int KILLS = Integer.getInteger("rowmill.crash.kills", 6);

    private static final int ROWS = Math.max(20_000, 1_000 * KILLS);
    private static final int PART_ROWS = 10_000;

    /** Few enough that the last kill happens before the last row is computed. */
    private static final int SLOTS = 2;

    private static final int EXPENSIVE_ROWS = 400;
    private static final int LOST = 20;

    private static final long SEED = 20260101;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Every fifth kill happens at any moment after the start, the others after the first row. */
    private static final int FROM_START = 5;

    @TempDir
    private Path project;

    @Test
    void eachRowIsStoredOnceAfterManyKillsOfTheHead() throws IOException {
        Projects.table(project, "Crash", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column long value(int index) throws Exception {
                    Files.write(Path.of("computed"), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    Thread.sleep(Files.exists(Path.of("hurry")) ? 0 : index %% 50 == 0 ? 60 : 5);
                    return index * 3L;
                }
                """.formatted(ROWS));
        Files.createFile(project.resolve("computed"));
        Random random = new Random(SEED);
        Path table = project.resolve("tables/Crash");

        long lostBefore = 0;
        for (int i = 0; i < KILLS; i++) {
            long published = rows(table);
            long computed = Files.size(project.resolve("computed"));
            try (ProducerCommand.Running running =
                    ProducerCommand.of("run", project, "--cpu-limit", SLOTS).start()) {
                Duration life = Duration.ofMillis(random.nextInt(3000));
                if (i % FROM_START != 0) {
                    await().atMost(LIMIT).until(() -> Files.size(project.resolve("computed")) > computed);
                }
                await().pollDelay(life).atMost(Duration.ofSeconds(10)).until(() -> true);
                // The shell knows the launcher; the JVM that it starts writes the table. Either may be killed.
                ProcessHandle victim = i % 2 == 0
                        ? running.process().toHandle()
                        : running.head().orElse(running.process().toHandle());
                ProducerCommand.Running.signal("KILL", victim);
                assertThat(running.process().onExit()).succeedsWithin(LIMIT);
            }
            await().atMost(LIMIT).until(() -> ProducerCommand.consumersAlive().isEmpty());
            long rows = rows(table);
            assertThat(rows)
                    .as("published rows stay (seed %d, kill %d)", SEED, i)
                    .isGreaterThanOrEqualTo(published);
            // The next run publishes the expensive rows of a killed run from its journal.
            long lost = Files.size(project.resolve("computed")) - rows;
            assertThat(lost).as("rows computed and not published").isNotNegative();
            assertThat(lost - lostBefore)
                    .as("rows to compute again (seed %d, kill %d)", SEED, i)
                    .isLessThanOrEqualTo(PART_ROWS);
            lostBefore = lost;
        }
        assertThat(rows(table)).as("rows when the last kill came").isBetween(1L, ROWS - 1L);
        Files.createFile(project.resolve("hurry"));
        ProducerCommand.of("run", project).run().succeeded();

        assertThat(DuckDb.query(table, "SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("" + ROWS, "" + ROWS, "" + 3L * ROWS * (ROWS - 1) / 2);
    }

    @Test
    void noExpensiveRowWhoseResultArrivedIsComputedAgain() throws IOException {
        Projects.table(project, "Expensive", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column long value(int index) throws Exception {
                    Files.writeString(Path.of("computed"), index + "\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    Thread.sleep(Files.exists(Path.of("hurry")) ? 0 : 60 + index %% 40);
                    return index * 3L;
                }
                """.formatted(EXPENSIVE_ROWS));
        Path table = project.resolve("tables/Expensive");
        Path computed = Files.createFile(project.resolve("computed"));
        long lost;
        try (ProducerCommand.Running running =
                ProducerCommand.of("run", project, "--cpu-limit", SLOTS).start()) {
            LastPart last = new LastPart(table, computed);
            await().atMost(LIMIT).until(() -> last.rowsSince() > 2 * LOST);
            running.signalHead("KILL");
            assertThat(running.process().onExit()).succeedsWithin(LIMIT);
            await().atMost(LIMIT).until(() -> ProducerCommand.consumersAlive().isEmpty());
            lost = lines(computed) - rows(table);
        }
        assertThat(lost).as("rows computed and not published").isGreaterThanOrEqualTo(LOST);
        Files.createFile(project.resolve("hurry"));

        ProducerCommand.Result next =
                ProducerCommand.of("run", project, "-v").run().succeeded();

        assertThat(next.err())
                .containsPattern(
                        "Table Expensive: recovered \\d+ rows from the journal of run [a-z0-9]+, which was killed");
        assertThat(lines(computed) - EXPENSIVE_ROWS)
                .as("rows computed twice: those that were being computed, or whose result was on its way")
                .isBetween(0L, 2L * SLOTS);
        assertThat(DuckDb.query(table, "SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly(
                        "" + EXPENSIVE_ROWS, "" + EXPENSIVE_ROWS, "" + 3L * EXPENSIVE_ROWS * (EXPENSIVE_ROWS - 1) / 2);
    }

    private static long lines(Path file) throws IOException {
        return Files.readString(file).lines().count();
    }

    private static long rows(Path table) {
        return bytes(table) > 0 ? DuckDb.number(table, "SELECT count(*) FROM $") : 0;
    }

    /** Returns the size of all parts. The first rows replace a part without rows. */
    private static long bytes(Path table) {
        File[] parts = table.toFile().listFiles((directory, name) -> name.endsWith(".parquet"));
        return parts == null ? 0 : Arrays.stream(parts).mapToLong(File::length).sum();
    }

    /** Counts rows without reading a part: on a busy computer that can take until the next part is published. */
    private static final class LastPart {

        private final Path table;
        private final Path computed;
        private long bytes;
        private long linesThen;

        LastPart(Path table, Path computed) {
            this.table = table;
            this.computed = computed;
        }

        /** Counts the rows begun since the last part was published; 0 before the first part. */
        long rowsSince() throws IOException {
            long now = bytes(table);
            if (now != bytes || now == 0) {
                bytes = now;
                linesThen = lines(computed);
            }
            return lines(computed) - linesThen;
        }
    }
}
