package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Other programs read a table while runs add columns and rows, compute values again, and are killed. */
class ReadersIT {

    /** With {@code -Drowmill.readers.runs=N}, more runs. */
    private static final int RUNS = Integer.getInteger("rowmill.readers.runs", 4);

    private static final long SEED = Long.getLong("rowmill.readers.seed", 20261129);
    private static final int ROWS = 2_000;
    private static final int MORE_ROWS = 300;
    private static final long ALL_ROWS = ROWS + RUNS * (long) MORE_ROWS;
    private static final int RECOMPUTE = 3;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String QUERY =
            "SELECT count(*), count(DISTINCT index), count(*) FILTER (first = index) FROM $";

    @TempDir
    private Path project;

    /**
     * Reads again and again; the columns {@code index} and {@code first} always exist. A reading may fail if a part is
     * replaced between the two times that DuckDB opens it, but then the next reading succeeds.
     */
    private static final class Reader implements Runnable {

        private final Path table;
        private final List<String> faults = new CopyOnWriteArrayList<>();
        private volatile boolean isStopped;
        private int readings;
        private long last;

        Reader(Path table) {
            this.table = table;
        }

        @Override
        public void run() {
            boolean hasFailed = false;
            while (!isStopped) {
                try {
                    List<Object> counts = DuckDb.query(table, QUERY).get(0);
                    long rows = (Long) counts.get(0);
                    if (rows < last || counts.stream().anyMatch(count -> !count.equals(rows))) {
                        faults.add(counts + " after " + last + " rows");
                    }
                    last = Math.max(last, rows);
                    readings++;
                    hasFailed = false;
                    LockSupport.parkNanos(PAUSE_NANOS);
                } catch (RuntimeException e) {
                    if (hasFailed) {
                        faults.add(e + ": " + e.getCause());
                    }
                    hasFailed = true;
                }
            }
        }
    }

    private void writeTable(int rows, int columns) {
        StringBuilder body = new StringBuilder("""
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column long first(int index) throws Exception {
                    Files.write(Path.of("computed"), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    return index;
                }
                """.formatted(rows));
        for (int i = 0; i < columns; i++) {
            body.append("""
                    @Column long c%1$d(int index) throws Exception {
                        Files.write(Path.of("computed"), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                        Thread.sleep(Files.exists(Path.of("hurry")) ? 0 : 1);
                        return index * %1$dL;
                    }
                    """.formatted(i));
        }
        Projects.table(project, "Read", "Integer", body.toString());
    }

    @Test
    void noReaderSeesARowTwiceOrMissesOne() throws Exception {
        Path table = project.resolve("tables/Read");
        writeTable(ROWS, 0);
        ProducerCommand.of("run", project).run().succeeded();
        Reader reader = new Reader(table);
        Thread reading = new Thread(reader, "reader");
        reading.start();
        Random random = new Random(SEED);
        try {
            for (int i = 1; i <= RUNS; i++) {
                writeTable(ROWS + i * MORE_ROWS, i);
                runAndKill(i % RECOMPUTE == 0, Duration.ofMillis(random.nextInt(2500)));
            }
            Files.createFile(project.resolve("hurry"));
            ProducerCommand.of("run", project).run().succeeded();
        } finally {
            reader.isStopped = true;
            reading.join(LIMIT.toMillis());
        }

        assertThat(reader.faults).as("wrong readings (seed %d)", SEED).isEmpty();
        assertThat(reader.readings).isGreaterThan(RUNS);
        assertThat(reader.last).isLessThanOrEqualTo(ALL_ROWS);
        StringBuilder sums = new StringBuilder("SELECT count(*), count(DISTINCT index)");
        List<Object> expected = new ArrayList<>(List.of(ALL_ROWS, ALL_ROWS));
        for (int i = 0; i < RUNS; i++) {
            sums.append(", count(*) FILTER (c")
                    .append(i)
                    .append(" = index * ")
                    .append(i)
                    .append(')');
            expected.add(ALL_ROWS);
        }
        assertThat(DuckDb.query(table, sums + " FROM $")).containsExactly(expected);
        ProducerCommand.of("check", project).run().succeeded();
    }

    private void runAndKill(boolean recompute, Duration life) throws IOException {
        long computed = Files.size(project.resolve("computed"));
        ProducerCommand command = recompute
                ? ProducerCommand.of("run", project, "--recompute", "first")
                : ProducerCommand.of("run", project);
        try (ProducerCommand.Running running = command.start()) {
            await().atMost(LIMIT)
                    .until(() -> Files.size(project.resolve("computed")) > computed
                            || !running.process().isAlive());
            await().pollDelay(life).atMost(LIMIT).until(() -> true);
            running.head().ifPresent(head -> ProducerCommand.Running.signal("KILL", head));
            assertThat(running.process().onExit()).succeedsWithin(LIMIT);
        }
        await().atMost(LIMIT).until(() -> ProducerCommand.consumersAlive().isEmpty());
    }
}
