package org.rowmill.producer.monitor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.Json;

/**
 * The status of a run, in the state directory of the run and in {@code status --json}. {@code docs/cli.md} describes each
 * field.
 *
 * @param run the run id
 * @param pid process id of the head
 * @param since when the run began to compute the table, ISO 8601
 * @param now when the status was written, ISO 8601
 * @param table name of the table
 * @param rows the progress of the table
 * @param pace how fast the table proceeds
 * @param progress the progress line
 * @param nodes the consumers
 * @param failures a line for each of the most frequent errors
 */
public record StatusFacts(
        String run,
        long pid,
        String since,
        String now,
        String table,
        ProgressState rows,
        Pace pace,
        String progress,
        List<Node> nodes,
        List<String> failures) {

    public StatusFacts {
        nodes = List.copyOf(nodes);
        failures = List.copyOf(failures);
    }

    /**
     * How fast a table proceeds.
     *
     * @param rowsPerSecond rate of the last 10 s or the last 10 rows, whichever is longer
     * @param medianSeconds median time of the last rows; empty: no row has ended
     * @param remainingSeconds estimated time until the table is done; empty: unknown
     */
    public record Pace(double rowsPerSecond, Optional<Double> medianSeconds, Optional<Double> remainingSeconds) {}

    /**
     * A consumer.
     *
     * @param node name of its node
     * @param slots rows that it computes at once
     * @param busy rows that it is computing
     * @param rows rows that it has finished
     * @param oldestSeconds age of its oldest row; empty: it computes none
     * @param mount counters of the node's mount; empty: it has none
     */
    public record Node(
            String node, int slots, int busy, long rows, Optional<Long> oldestSeconds, Optional<Mount> mount) {}

    /**
     * Counters of a mount.
     *
     * @param readBytes contents of files that the node read
     * @param writtenBytes contents of files that the node wrote
     * @param operations requests of the node
     */
    public record Mount(long readBytes, long writtenBytes, long operations) {}

    /** Returns the value to write as JSON. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("run", run);
        json.put("pid", pid);
        json.put("since", since);
        json.put("now", now);
        json.put("table", table);
        json.put("rows_finished", rows.finished());
        json.put("rows_failed", rows.failed());
        json.put("rows_planned", rows.planned());
        json.put("is_planned", rows.isPlanned());
        json.put("slots_busy", rows.busy());
        json.put("slots", rows.slots());
        json.put("rows_per_second", Json.precise(pace.rowsPerSecond()));
        json.put("median_row_s", pace.medianSeconds().map(Json::precise).orElse(null));
        json.put("eta_s", pace.remainingSeconds().map(Math::round).orElse(null));
        json.put("progress", progress);
        json.put("nodes", nodes.stream().map(StatusFacts::json).toList());
        json.put("failures", failures);
        return json;
    }

    private static Map<String, @Nullable Object> json(Node node) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", node.node());
        json.put("slots", node.slots());
        json.put("busy", node.busy());
        json.put("rows", node.rows());
        json.put("oldest_row_s", node.oldestSeconds().orElse(null));
        json.put("read_bytes", node.mount().map(Mount::readBytes).orElse(null));
        json.put("written_bytes", node.mount().map(Mount::writtenBytes).orElse(null));
        json.put("operations", node.mount().map(Mount::operations).orElse(null));
        return json;
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @throws IOException if the text is not the status of a run
     */
    public static StatusFacts parse(String text) throws IOException {
        try {
            Fields fields = new Fields(Json.parse(text));
            List<Node> nodes = new ArrayList<>();
            for (Object node : fields.list("nodes")) {
                nodes.add(node(new Fields(node)));
            }
            return new StatusFacts(
                    fields.text("run"),
                    fields.number("pid"),
                    fields.text("since"),
                    fields.text("now"),
                    fields.text("table"),
                    rows(fields),
                    new Pace(
                            fields.real("rows_per_second"),
                            fields.find("median_row_s").map(value -> ((Number) value).doubleValue()),
                            fields.find("eta_s").map(value -> ((Number) value).doubleValue())),
                    fields.text("progress"),
                    nodes,
                    fields.list("failures").stream().map(String::valueOf).toList());
        } catch (ClassCastException | NoSuchElementException e) {
            throw new IOException("the status of a run was expected, not " + text, e);
        }
    }

    private static ProgressState rows(Fields fields) {
        return new ProgressState(
                fields.number("rows_finished"),
                fields.number("rows_failed"),
                fields.number("rows_planned"),
                fields.flag("is_planned"),
                (int) fields.number("slots_busy"),
                (int) fields.number("slots"));
    }

    private static Node node(Fields node) {
        return new Node(
                node.text("node"),
                (int) node.number("slots"),
                (int) node.number("busy"),
                node.number("rows"),
                node.find("oldest_row_s").map(Long.class::cast),
                node.find("operations")
                        .map(operations ->
                                new Mount(node.number("read_bytes"), node.number("written_bytes"), (Long) operations)));
    }
}
