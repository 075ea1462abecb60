package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.TextTable;
import org.rowmill.schemas.Sizes;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.PartInfo;
import org.rowmill.store.TableStore;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.recompute.RecomputeRequest;

/** The summary of a stored table: schema, counts and parts. */
final class TableSummary {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private TableSummary() {}

    /** Returns the name of the table in a directory. */
    static String name(Path directory) {
        return directory.getFileName().toString();
    }

    /** Prints the summary and closes the store. */
    static void print(TableStore table, Path directory, PrintStream out) throws IOException {
        try (TableStore store = table;
                Stream<FailedRow> failures = store.failedRows()) {
            List<PartInfo> parts = store.parts();
            out.printf(
                    Locale.ROOT,
                    "%s: %,d rows, %,d failed, %,d parts, %s in %s%n%n",
                    name(directory),
                    store.rowCount(),
                    failures.count(),
                    parts.size(),
                    Sizes.text(parts.stream().mapToLong(PartInfo::bytes).sum()),
                    directory);
            if (store.hiddenCount() > 0) {
                out.printf(
                        Locale.ROOT,
                        "  %,d more rows are hidden, because index() does not list them any more (--removed hide)%n%n",
                        store.hiddenCount());
            }
            for (RecomputeRequest request : store.requests()) {
                out.println("  being computed again: " + request.text() + ". The next run finishes this;"
                        + " until then, Parquet readers see the old values");
                out.println();
            }
            printSchema(store.schema(), out);
            printParts(parts, out);
        }
    }

    /**
     * Returns the value to write as JSON. {@code docs/cli.md} describes each field.
     *
     * @param store the table; empty: nothing is stored yet
     */
    static Map<String, @Nullable Object> json(Optional<TableStore> store, Path directory) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("table", name(directory));
        json.put("directory", directory.toAbsolutePath().normalize().toString());
        json.put("rows", store.map(TableStore::rowCount).orElse(0L));
        json.put("rows_failed", store.map(TableSummary::failedCount).orElse(0L));
        json.put("index", store.map(TableSummary::index).orElse(List.of()));
        json.put("columns", store.map(TableSummary::columns).orElse(List.of()));
        json.put("recompute", store.map(TableSummary::requests).orElse(List.of()));
        json.put("parts", store.map(TableSummary::parts).orElse(List.of()));
        return json;
    }

    private static long failedCount(TableStore store) {
        try (Stream<FailedRow> failures = store.failedRows()) {
            return failures.count();
        }
    }

    private static List<Map<String, Object>> index(TableStore store) {
        return store.schema().index().stream()
                .map(field -> fields("name", field.name(), "type", field.type().text()))
                .toList();
    }

    private static List<Map<String, Object>> columns(TableStore store) {
        return store.schema().columns().stream()
                .map(column ->
                        fields("name", column.name(), "type", column.type().text(), "version", column.version()))
                .toList();
    }

    private static List<Map<String, @Nullable Object>> requests(TableStore store) {
        return store.requests().stream().map(TableSummary::request).toList();
    }

    private static Map<String, @Nullable Object> request(RecomputeRequest request) {
        OptionalLong first = request.limit().first();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("columns", request.columns().stream().sorted().toList());
        fields.put("only", request.limit().only().orElse(null));
        fields.put("first", first.isPresent() ? first.getAsLong() : null);
        fields.put("run", request.run());
        fields.put("since", request.since());
        return fields;
    }

    private static List<Map<String, Object>> parts(TableStore store) {
        return store.parts().stream()
                .map(part -> fields(
                        "file",
                        part.file().getFileName().toString(),
                        "rows",
                        part.rows(),
                        "bytes",
                        part.bytes(),
                        "written",
                        part.time(),
                        "columns",
                        part.columns(),
                        "hidden",
                        part.isHidden()))
                .toList();
    }

    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    private static void printSchema(TableSchema schema, PrintStream out) {
        try (TextTable table = new TextTable(out)) {
            table.row(List.of("  column", "type", ""));
            for (TableSchema.IndexField field : schema.index()) {
                table.row(List.of("  " + field.name(), field.type().text(), "index"));
            }
            for (TableSchema.ColumnField column : schema.columns()) {
                String version = column.version() == 1 ? "" : "version " + column.version();
                table.row(List.of("  " + column.name(), column.type().text(), version));
            }
        }
        out.println();
    }

    private static void printParts(List<PartInfo> parts, PrintStream out) {
        try (TextTable table = new TextTable(out)) {
            table.row(List.of("  part", "rows", "size", "written", "columns"));
            for (PartInfo part : parts) {
                table.row(List.of(
                        "  " + part.file().getFileName(),
                        part.rows(),
                        Sizes.text(part.bytes()),
                        TIME.format(part.time()),
                        TextTable.shortened(String.join(",", part.columns()))));
            }
        }
        out.println();
    }
}
