package org.rowmill.producer.monitor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/** Groups the failed rows of a run by error, in bounded memory. Thread-safe. */
public final class FailureSummary {

    private static final int MOST_GROUPS = 1000;
    private static final int GROUPS_SHOWN = 10;
    private static final int MESSAGE_LENGTH = 300;

    private final Map<Kind, Group> groups = new LinkedHashMap<>();
    private long ungrouped;

    private record Kind(String errorClass, String message, String columns) {}

    private static final class Group {
        private final String example;
        private final String where;
        private long count;

        Group(String example, String where) {
            this.example = example;
            this.where = where;
        }
    }

    /** Adds a failed row. */
    public synchronized void add(List<Object> index, Failure failure) {
        Kind kind = new Kind(failure.errorClass(), shortened(failure.message()), failure.columns());
        Group group = groups.get(kind);
        if (group == null && groups.size() >= MOST_GROUPS) {
            ungrouped++;
            return;
        }
        if (group == null) {
            group = new Group(text(index), firstFrame(failure.stack()));
            groups.put(kind, group);
        }
        group.count++;
    }

    /** Returns a line for each of the most frequent groups; empty if no row failed. */
    public synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        groups.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().count))
                .limit(GROUPS_SHOWN)
                .forEach(entry -> lines.add("  " + line(entry.getKey(), entry.getValue())));
        long more = ungrouped
                + groups.values().stream()
                        .mapToLong(group -> -group.count)
                        .sorted()
                        .skip(GROUPS_SHOWN)
                        .map(count -> -count)
                        .sum();
        if (more > 0) {
            lines.add("  " + more + " x other errors");
        }
        return lines;
    }

    private static String line(Kind kind, Group group) {
        String columns = kind.columns().isEmpty() ? "" : " in " + kind.columns();
        return group.count + " x " + kind.errorClass() + (kind.message().isEmpty() ? "" : ": " + kind.message())
                + columns + group.where + ", first row: " + group.example;
    }

    private static String firstFrame(String stack) {
        for (String line : stack.split("\n", -1)) {
            int open = line.indexOf('(');
            int close = line.indexOf(')');
            if (line.strip().startsWith("at ") && open >= 0 && close > open && !line.contains("java.base/")) {
                return " (" + line.substring(open + 1, close) + ")";
            }
        }
        return "";
    }

    private static String shortened(String message) {
        String line = message.replaceAll("\\s+", " ").strip();
        return line.length() <= MESSAGE_LENGTH ? line : line.substring(0, MESSAGE_LENGTH) + "…";
    }

    static String text(List<Object> index) {
        return index.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
