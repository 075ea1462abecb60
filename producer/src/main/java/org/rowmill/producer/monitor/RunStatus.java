package org.rowmill.producer.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.schemas.protocol.Heartbeat;

/**
 * Writes the text that {@code status} prints to a file in the directory of the run, every second, on its own thread.
 */
public final class RunStatus implements AutoCloseable {

    /** Name of the file in the state directory of the run. */
    public static final String FILE = "status";

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final double MEGA = 1e6;

    private final String id;
    private final Path file;
    private final ConsumerRegistry nodes;
    private final Supplier<Progress.State> state;
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
     * @param failures the failures so far
     * @param eachSecond called every second with the time in nanoseconds
     */
    public RunStatus(
            String id,
            Path directory,
            String table,
            ConsumerRegistry nodes,
            Supplier<Progress.State> state,
            FailureSummary failures,
            LongConsumer eachSecond) {
        this.id = id;
        this.file = directory.resolve(FILE);
        this.nodes = nodes;
        this.state = state;
        this.failures = failures;
        this.eachSecond = eachSecond;
        this.progress = new Progress(table, System.nanoTime());
    }

    public void start() {
        thread.start();
    }

    /** Writes the file, and returns the time until the next update. */
    Duration update(long nanos) {
        write(text(nanos));
        eachSecond.accept(nanos);
        return PAUSE;
    }

    private void write(String text) {
        Path fresh = file.resolveSibling(FILE + ".tmp");
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            return; // for example a full disk: the run reports it when it cannot write results
        }
    }

    private String text(long nanos) {
        StringBuilder text = new StringBuilder();
        text.append("Run ")
                .append(id)
                .append(", process ")
                .append(ProcessHandle.current().pid());
        text.append(", table since ")
                .append(started)
                .append(", now ")
                .append(now())
                .append('\n');
        text.append(progress.line(state.get(), nanos)).append("\n\n");
        text.append(String.format(
                Locale.ROOT,
                "%-40s %6s %6s %12s %12s %12s %12s %12s%n",
                "node",
                "slots",
                "busy",
                "rows",
                "oldest row s",
                "read MB",
                "written MB",
                "operations"));
        nodes.all().forEach(node -> text.append(line(node)));
        List<String> lines = failures.lines();
        if (!lines.isEmpty()) {
            text.append("\nfailures\n").append(String.join("\n", lines)).append('\n');
        }
        return text.toString();
    }

    private String line(Heartbeat node) {
        Optional<Traffic> traffic = nodes.traffic(node.node());
        return String.format(
                Locale.ROOT,
                "%-40s %6d %6d %,12d %12s %12s %12s %12s%n",
                node.node(),
                node.slots(),
                node.busy(),
                node.rows(),
                node.oldestRow() < 0 ? "-" : Long.toString(node.oldestMillis() / 1_000),
                traffic.map(counters -> megabytes(counters.bytesRead())).orElse("-"),
                traffic.map(counters -> megabytes(counters.bytesWritten())).orElse("-"),
                traffic.map(counters -> Long.toString(counters.operations())).orElse("-"));
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MEGA);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public void close() {
        thread.close();
    }
}
