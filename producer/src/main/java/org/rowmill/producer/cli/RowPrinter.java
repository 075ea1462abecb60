package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.Json;
import org.rowmill.producer.console.TextTable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Prints rows one by one. Used by one thread. */
sealed interface RowPrinter extends AutoCloseable {

    /** How rows are printed. */
    enum Format {
        /** Aligned columns; long values are cut. */
        TABLE,
        /** RFC 4180; lists and maps as JSON, bytes as Base64, null as an empty field. */
        CSV,
        /** One JSON object for each line; bytes as Base64; NaN and infinities as strings. */
        JSONL
    }

    /** Reads a format from an option value. */
    final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            for (Format format : Format.values()) {
                if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return format;
                }
            }
            throw new TypeConversionException("expected table, csv or jsonl, not '" + text + "'");
        }
    }

    /** Sets the names of the columns. Must be called first. */
    void names(List<String> names) throws IOException;

    /** Prints the values of a row, in the order of the names. */
    void row(List<? extends @Nullable Object> values) throws IOException;

    @Override
    void close() throws IOException;

    /** Creates a printer, which leaves the stream open. */
    static RowPrinter of(Format format, PrintStream out) throws IOException {
        return switch (format) {
            case TABLE -> new Columns(new TextTable(out));
            case CSV ->
                new Csv(new CSVPrinter(
                        out,
                        CSVFormat.RFC4180.builder().setRecordSeparator('\n').get()));
            case JSONL -> new JsonLines(out);
        };
    }

    /** Aligned columns. */
    record Columns(TextTable table) implements RowPrinter {

        @Override
        public void names(List<String> names) {
            table.row(names);
        }

        @Override
        public void row(List<? extends @Nullable Object> values) throws IOException {
            List<Object> cells = new ArrayList<>();
            for (Object value : values) {
                String text = TextTable.shortened(text(value));
                cells.add(value instanceof Number ? TextTable.right(text) : text);
            }
            table.row(cells);
        }

        @Override
        public void close() {
            table.close();
        }
    }

    /** Comma-separated values. */
    record Csv(CSVPrinter out) implements RowPrinter {

        @Override
        public void names(List<String> names) throws IOException {
            out.printRecord(names);
        }

        @Override
        public void row(List<? extends @Nullable Object> values) throws IOException {
            List<@Nullable String> texts = new ArrayList<>();
            for (Object value : values) {
                texts.add(value == null ? null : text(value));
            }
            out.printRecord(texts);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }

    /** JSON objects. */
    final class JsonLines implements RowPrinter {

        private final PrintStream out;
        private List<String> names = List.of();

        private JsonLines(PrintStream out) {
            this.out = out;
        }

        @Override
        public void names(List<String> columns) {
            names = List.copyOf(columns);
        }

        @Override
        public void row(List<? extends @Nullable Object> values) throws IOException {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                row.put(names.get(i), values.get(i));
            }
            out.print(Json.line(row) + '\n');
        }

        @Override
        public void close() {
            out.flush();
        }
    }

    /** Formats a value for a table or CSV. */
    private static String text(@Nullable Object value) throws IOException {
        if (value == null) {
            return "";
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof BigDecimal decimal) { // stored with 18 decimals
            return decimal.stripTrailingZeros().toPlainString();
        }
        return value instanceof List || value instanceof Map ? Json.line(value) : value.toString();
    }
}
