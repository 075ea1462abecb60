package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.mounter.node.NodeReport;
import org.rowmill.producer.console.Json;
import org.rowmill.producer.console.TextTable;

/** Prints the results of node checks. */
final class NodeTable {

    private static final List<String> JSON_ONLY = List.of("usable", "failed_step", "fix");

    private NodeTable() {}

    static void printJson(List<NodeReport> reports, PrintStream out) throws IOException {
        out.println(Json.pretty(reports.stream().map(NodeFacts::of).toList()));
    }

    static void print(List<NodeReport> reports, PrintStream out) {
        if (reports.isEmpty()) {
            out.println("The cluster file names no node.");
            return;
        }
        try (TextTable table = new TextTable(out)) {
            List<String> columns = new ArrayList<>(NodeFacts.of(reports.get(0)).keySet());
            columns.removeAll(JSON_ONLY);
            table.row(columns);
            for (NodeReport report : reports) {
                Map<String, @Nullable Object> facts = NodeFacts.of(report);
                table.row(columns.stream()
                        .map(column -> cell(column, facts.get(column), report))
                        .toList());
            }
        }
        for (NodeReport report : reports) {
            report.fault().ifPresent(fault -> out.println(report.node().name() + ": " + NodeFacts.text(fault)));
        }
    }

    private static Object cell(String column, @Nullable Object value, NodeReport report) {
        if (value == null) {
            return column.equals("java") && report.probe().isPresent() ? "the head's" : "-";
        }
        if (value instanceof Boolean flag) {
            return flag ? "yes" : "no";
        }
        if (value instanceof Double number) {
            int decimals = column.equals("broker_ms") || column.equals("load") ? 2 : 1;
            return TextTable.right(String.format(Locale.ROOT, "%." + decimals + "f", number));
        }
        return value;
    }
}
