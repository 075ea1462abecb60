package org.rowmill.producer.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.StoredRow;
import org.rowmill.store.failed.FailedRow;

/**
 * What is known about one row of a table.
 *
 * @param table name of the table
 * @param index the index as text
 * @param components names of the components of the index
 * @param columns names of the table's columns
 * @param stored the stored values; empty: no value is stored
 * @param failed the stored failure; empty: the row did not fail
 * @param attempts the attempts in the logs that are kept, oldest first
 * @param printed the last lines that the row printed, oldest first
 * @param command computes the row alone, in one process that waits for a debugger
 */
record RowHistory(
        String table,
        String index,
        List<String> components,
        List<String> columns,
        Optional<StoredRow> stored,
        Optional<FailedRow> failed,
        List<Attempt> attempts,
        List<Line> printed,
        String command) {

    RowHistory {
        components = List.copyOf(components);
        columns = List.copyOf(columns);
        attempts = List.copyOf(attempts);
        printed = List.copyOf(printed);
    }

    /**
     * An attempt.
     *
     * @param run the run id
     * @param entry the attempt as logged
     */
    record Attempt(String run, AttemptLog.Entry entry) {}

    /**
     * A line that the row printed.
     *
     * @param run the run id
     * @param text the line
     */
    record Line(String run, String text) {}

    /** Returns whether anything is known about the row. */
    boolean isKnown() {
        return stored.isPresent() || failed.isPresent() || !attempts.isEmpty();
    }

    /** Returns the value to write as JSON. {@code docs/cli.md} describes each field. */
    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("table", table);
        json.put("index", index);
        json.put(
                "index_values",
                stored.map(StoredRow::index)
                        .or(() -> failed.map(FailedRow::index))
                        .map(this::indexJson)
                        .orElse(null));
        json.put("stored", stored.map(this::json).orElse(null));
        json.put("failure", failed.map(RowHistory::json).orElse(null));
        json.put("attempts", attempts.stream().map(RowHistory::json).toList());
        json.put("printed", printed.stream().map(RowHistory::json).toList());
        json.put("command", command);
        return json;
    }

    private Map<String, @Nullable Object> indexJson(List<Object> values) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < components.size(); i++) {
            json.put(components.get(i), values.get(i));
        }
        return json;
    }

    private Map<String, @Nullable Object> json(StoredRow row) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            json.put(columns.get(i), row.values()[i]);
        }
        return json;
    }

    private static Map<String, @Nullable Object> json(Line line) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("run", line.run());
        json.put("line", line.text());
        return json;
    }

    private static Map<String, @Nullable Object> json(FailedRow row) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("error", row.errorClass());
        json.put("message", row.message());
        json.put("columns", row.columns());
        json.put("node", row.node());
        json.put("attempts", row.attempts());
        json.put("stack", row.stack());
        return json;
    }

    private static Map<String, @Nullable Object> json(Attempt attempt) {
        AttemptLog.Entry entry = attempt.entry();
        Optional<Failure> failure = entry.failure();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("time", entry.time());
        json.put("run", attempt.run());
        json.put("attempt", entry.attempt());
        json.put("node", entry.node());
        json.put("seconds", entry.seconds() > 0 ? entry.seconds() : null);
        json.put("outcome", failure.isPresent() ? "failed" : "computed");
        json.put("error", failure.map(Failure::errorClass).orElse(null));
        json.put("message", failure.map(Failure::message).orElse(null));
        json.put("columns", failure.map(Failure::columns).orElse(null));
        return json;
    }
}
