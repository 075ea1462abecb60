package org.rowmill.producer.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.schemas.protocol.Heartbeat;

/**
 * Writes each second how a run is, as the text that {@code status} prints, into a file in the run's directory. A thread of
 * its own does it.
 */
public final class RunStatus implements AutoCloseable {

    /** In the directory of a run's state. */
    public static final String FILE = "status";

    private static final long STEP_MILLIS = 1_000;
    private static final double MEGA = 1e6;

    private final String id;
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
            Files.writeString(fresh, text());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            return; // no room, for one: results tell more of that than this file, and the run may go on when there is
        }
    }

    private String text() {
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
        text.append(progress.line(state.get(), System.nanoTime())).append("\n\n");
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
        thread.interrupt();
        try {
            thread.join(STEP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
