package org.rowmill.producer.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.rowmill.producer.console.Json;
import org.rowmill.schemas.protocol.Heartbeat;

/** Writes the {@link StatusFacts} of a run to a file in its state directory, every second, on its own thread. */
public final class RunStatus implements AutoCloseable {

    /** In the directory of a run's state. */
    public static final String FILE = "status.json";

    private static final long STEP_MILLIS = 1_000;

    private final String id;
    private final String table;
    private final Path file;
    private final ConsumerRegistry nodes;
    private final Supplier<Progress.State> state;
    private final FailureSummary failures;
    private final Runnable eachSecond;
    private final Progress progress;
    private final String started = now();
    private final Thread thread = new Thread(this::write, "rowmill-status");

    /**
     * For one table of a run.
     *
     * @param id of the run
     * @param directory of its state
     * @param table name of the table
     * @param nodes the consumers
     * @param state how far the table is
     * @param failures those so far
     * @param eachSecond what else looks at the run from time to time
     */
    public RunStatus(
            String id,
            Path directory,
            String table,
            ConsumerRegistry nodes,
            Supplier<Progress.State> state,
            FailureSummary failures,
            Runnable eachSecond) {
        this.id = id;
        this.table = table;
        this.file = directory.resolve(FILE);
        this.nodes = nodes;
        this.state = state;
        this.failures = failures;
        this.eachSecond = eachSecond;
        this.progress = new Progress(table, System.nanoTime());
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void write() {
        try {
            while (true) {
                writeOnce();
                eachSecond.run();
                Thread.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOnce() {
        Path fresh = file.resolveSibling(FILE + ".tmp");
        try {
            Files.writeString(fresh, Json.line(facts().json()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            return; // no room, for one: results tell more of that than this file, and the run may go on when there is
        }
    }

    private StatusFacts facts() {
        Progress.State rows = state.get();
        String line = progress.line(rows, System.nanoTime());
        return new StatusFacts(
                id,
                ProcessHandle.current().pid(),
                started,
                now(),
                table,
                rows,
                progress.rowsPerSecond(),
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
        thread.interrupt();
        try {
            thread.join(STEP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
