package org.rowmill.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.rowmill.schemas.Heartbeat;

/**
 * Writes each second how a run is, as the text that {@code status} prints, into a file in the run's directory. A thread of
 * its own does it.
 */
final class RunStatus implements AutoCloseable {

    /** In the directory of a run's state. */
    static final String FILE = "status";

    private static final long STEP_MILLIS = 1_000;

    private final String id;
    private final Path file;
    private final Nodes nodes;
    private final Supplier<Progress.State> state;
    private final FailureSummary failures;
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
     */
    RunStatus(
            String id,
            Path directory,
            String table,
            Nodes nodes,
            Supplier<Progress.State> state,
            FailureSummary failures) {
        this.id = id;
        this.file = directory.resolve(FILE);
        this.nodes = nodes;
        this.state = state;
        this.failures = failures;
        this.progress = new Progress(table, System.nanoTime());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void write() {
        try {
            while (true) {
                Path fresh = file.resolveSibling(FILE + ".tmp");
                Files.writeString(fresh, text());
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                Thread.sleep(STEP_MILLIS);
            }
        } catch (IOException e) {
            return; // the disk is full or the run over; results tell more of that than this file
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        text.append(String.format(Locale.ROOT, "%-40s %6s %6s %12s%n", "node", "slots", "busy", "rows"));
        List<Heartbeat> all = nodes.all();
        all.forEach(node -> text.append(String.format(
                Locale.ROOT, "%-40s %6d %6d %,12d%n", node.node(), node.slots(), node.busy(), node.rows())));
        List<String> lines = failures.lines();
        if (!lines.isEmpty()) {
            text.append("\nfailures\n").append(String.join("\n", lines)).append('\n');
        }
        return text.toString();
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
