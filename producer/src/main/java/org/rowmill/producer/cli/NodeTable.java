package org.rowmill.producer.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.NodeProbe;
import org.rowmill.mounter.node.NodeReport;

/** Prints what a check of nodes found. */
final class NodeTable {

    private static final double MEGA = 1e6;
    private static final double KIB_PER_GIB = 1 << 20;
    private static final String NONE = "-";

    private NodeTable() {}

    static void print(List<NodeReport> reports, boolean json, PrintStream out) throws IOException {
        List<Map<String, String>> rows = reports.stream().map(NodeTable::row).toList();
        if (json) {
            printJson(rows, out);
            return;
        }
        printTable(rows, out);
        for (NodeReport report : reports) {
            report.fault().ifPresent(fault -> out.println(report.node().address() + ": " + text(fault)));
        }
    }

    private static String text(NodeFault fault) {
        return fault.step() + ": " + fault.getMessage() + ". " + fault.fix();
    }

    /** Values by column, in the order of the table. */
    private static Map<String, String> row(NodeReport report) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("node", report.node().address());
        row.put("user", report.node().user().orElse(NONE));
        row.put(
                "port",
                report.node().port().isPresent() ? "" + report.node().port().getAsInt() : NONE);
        row.put("ssh_ms", millis(report, ConnectionStep.CONNECT));
        row.put("host_key", report.hostKey().orElse(NONE));
        Optional<NodeProbe> probe = report.probe();
        row.put("java", probe.map(NodeTable::java).orElse(NONE));
        row.put(
                "sshfs",
                probe.map(found -> found.sshfs().isUsable() ? "yes" : "no")
                        .orElse(NONE));
        row.put(
                "read_mb_s",
                report.mount()
                        .map(speed -> one(speed.readBytesPerSecond() / MEGA))
                        .orElse(NONE));
        row.put(
                "write_mb_s",
                report.mount()
                        .map(speed -> one(speed.writeBytesPerSecond() / MEGA))
                        .orElse(NONE));
        row.put(
                "file_ms",
                report.mount().map(speed -> one(speed.nanosPerFile() / MEGA)).orElse(NONE));
        row.put(
                "broker_ms",
                report.brokerNanos().isPresent() ? two(report.brokerNanos().getAsLong() / MEGA) : NONE);
        row.put("cpus", probe.map(found -> "" + found.capacity().cpus()).orElse(NONE));
        row.put("free_gib", probe.map(found -> gib(found.capacity().memoryKiB().orElse(0))).orElse(NONE));
        row.put("load", probe.flatMap(found -> found.capacity().load()).orElse(NONE));
        row.put("disk_gib", probe.map(found -> gib(found.capacity().diskKiB().orElse(0))).orElse(NONE));
        row.put("clock_s", probe.isPresent() ? "" + report.clockSeconds() : NONE);
        row.put("verdict", report.fault().map(fault -> "fails: " + fault.step()).orElse("usable"));
        row.put("fix", report.fault().map(NodeTable::text).orElse(""));
        return row;
    }

    private static String java(NodeProbe probe) {
        return probe.java().command().isPresent() ? "" + probe.java().version().getAsInt() : "the head's";
    }

    private static String millis(NodeReport report, ConnectionStep step) {
        Duration time = report.steps().get(step);
        return time == null ? NONE : one(time.toNanos() / MEGA);
    }

    private static String one(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static String two(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }

    private static String gib(long kib) {
        return one(kib / KIB_PER_GIB);
    }

    private static void printTable(List<Map<String, String>> rows, PrintStream out) {
        if (rows.isEmpty()) {
            out.println("The cluster file names no node.");
            return;
        }
        List<String> columns = new ArrayList<>(rows.get(0).keySet());
        columns.remove("fix"); // a sentence; it follows the table
        StringBuilder header = new StringBuilder();
        List<Integer> widths = new ArrayList<>();
        for (String column : columns) {
            int width = rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0);
            widths.add(Math.max(width, column.length()));
            header.append(padded(column, widths.get(widths.size() - 1)));
        }
        out.println(header.toString().stripTrailing());
        for (Map<String, String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                line.append(padded(row.get(columns.get(i)), widths.get(i)));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length() + 2);
    }

    private static void printJson(List<Map<String, String>> rows, PrintStream out) throws IOException {
        try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.useDefaultPrettyPrinter();
            generator.writeStartArray();
            for (Map<String, String> row : rows) {
                generator.writeStartObject();
                for (Map.Entry<String, String> entry : row.entrySet()) {
                    write(generator, entry.getKey(), entry.getValue());
                }
                generator.writeEndObject();
            }
            generator.writeEndArray();
        }
        out.println();
    }

    private static void write(JsonGenerator generator, String name, String value) throws IOException {
        if (value.equals(NONE)) {
            generator.writeNullField(name);
        } else if (value.matches("-?\\d+(\\.\\d+)?") && !name.equals("node")) {
            generator.writeFieldName(name);
            generator.writeRawValue(value);
        } else {
            generator.writeStringField(name, value);
        }
    }
}
