package org.rowmill.producer.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.rowmill.producer.console.Json;
import org.rowmill.schemas.protocol.Heartbeat;

/** Writes the {@link StatusFacts} of a run to a file in its state directory, every second, on its own thread. */
public final class RunStatus implements AutoCloseable {

    /** Name of the file in the state directory of the run. */
    public static final String FILE = "status.json";

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String id;
    private final String table;
    private final Path file;
    private final ConsumerRegistry nodes;
    private final Supplier<ProgressState> state;
    private final Supplier<RowTimes.Times> times;
    private final FailureSummary failures;
    private final LongConsumer eachSecond;
    private final Progress progress;
    private final String started = now();
    private final PeriodicThread thread =
            new PeriodicThread("rowmill-status", Duration.ZERO, () -> update(System.nanoTime()));

    /**
     * Creates the status of one table. {@link #start} starts its thread.
     *
     * @param id the run id
     * @param directory the state directory of the run
     * @param table name of the table
     * @param nodes the consumers
     * @param state returns how far the table is
     * @param times returns how long rows take
     * @param failures the failures so far
     * @param eachSecond called every second with the time in nanoseconds
     */
    public RunStatus(
            String id,
            Path directory,
            String table,
            ConsumerRegistry nodes,
            Supplier<ProgressState> state,
            Supplier<RowTimes.Times> times,
            FailureSummary failures,
            LongConsumer eachSecond) {
        this.id = id;
        this.table = table;
        this.file = directory.resolve(FILE);
        this.nodes = nodes;
        this.state = state;
        this.times = times;
        this.failures = failures;
        this.eachSecond = eachSecond;
        this.progress = new Progress(table, System.nanoTime());
    }

    public void start() {
        thread.start();
    }

    /** Writes the file, and returns the time until the next update. */
    Duration update(long nanos) {
        write(facts(nanos));
        eachSecond.accept(nanos);
        return PAUSE;
    }

    private void write(StatusFacts facts) {
        Path fresh = file.resolveSibling(FILE + ".tmp");
        try {
            Files.write(fresh, Json.line(facts.json()).getBytes(StandardCharsets.UTF_8));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            return; // for example a full disk: the run reports it when it cannot write results
        }
    }

    private StatusFacts facts(long nanos) {
        ProgressState rows = state.get();
        String line = progress.line(rows, times.get(), nanos);
        return new StatusFacts(
                id,
                ProcessHandle.current().pid(),
                started,
                now(),
                table,
                rows,
                new StatusFacts.Pace(progress.rowsPerSecond(), progress.medianSeconds(), progress.remainingSeconds()),
                line,
                nodes.all().stream().map(this::node).toList(),
                failures.lines());
    }

    private StatusFacts.Node node(Heartbeat node) {
        return new StatusFacts.Node(
                node.node(),
                node.slots(),
                node.busy(),
                node.rows(),
                node.oldestRow() < 0 ? Optional.empty() : Optional.of(node.oldestMillis() / 1_000),
                nodes.traffic(node.node())
                        .map(traffic -> new StatusFacts.Mount(
                                traffic.bytesRead(), traffic.bytesWritten(), traffic.operations())));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public void close() {
        thread.close();
    }
}
