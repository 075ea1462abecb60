package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.rowmill.schemas.Sizes;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.PartInfo;
import org.rowmill.store.TableStore;
import org.rowmill.store.failed.FailedRow;

/** What a person wants to know of a stored table at one glance. */
final class TableSummary {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private TableSummary() {}

    /** Name of the table in a directory. */
    static String name(Path directory) {
        return directory.getFileName().toString();
    }

    /** Prints it and closes the store. */
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
            printSchema(store.schema(), out);
            printParts(parts, out);
        }
    }

    private static void printSchema(TableSchema schema, PrintStream out) throws IOException {
        try (RowPrinter printer = RowPrinter.of(RowPrinter.Format.TABLE, out)) {
            printer.names(List.of("  column", "type", ""));
            for (TableSchema.IndexField field : schema.index()) {
                printer.row(List.of("  " + field.name(), field.type().text(), "index"));
            }
            for (TableSchema.ColumnField column : schema.columns()) {
                String version = column.version() == 1 ? "" : "version " + column.version();
                printer.row(List.of("  " + column.name(), column.type().text(), version));
            }
        }
        out.println();
    }

    private static void printParts(List<PartInfo> parts, PrintStream out) throws IOException {
        try (RowPrinter printer = RowPrinter.of(RowPrinter.Format.TABLE, out)) {
            printer.names(List.of("  part", "rows", "size", "written", "columns"));
            for (PartInfo part : parts) {
                printer.row(List.of(
                        "  " + part.file().getFileName(),
                        part.rows(),
                        Sizes.text(part.bytes()),
                        TIME.format(part.time()),
                        String.join(",", part.columns())));
            }
        }
        out.println();
    }
}
