package org.rowmill.producer.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** Prints stored rows, one after the other. One thread. */
sealed interface RowPrinter extends AutoCloseable {

    /** How rows are printed. */
    enum Format {
        /** Columns for people; long values are cut. */
        TABLE,
        /** RFC 4180; lists and maps as JSON, bytes as Base64, null as nothing. */
        CSV,
        /** One JSON object a line; bytes as Base64; NaN and infinities as strings. */
        JSONL
    }

    /** Says which columns there are; to be called first. */
    void names(List<String> names) throws IOException;

    /** Prints stored values, in the order of the names. */
    void row(List<? extends @Nullable Object> values) throws IOException;

    @Override
    void close() throws IOException;

    /** A printer; the stream is left open. */
    static RowPrinter of(Format format, PrintStream out) throws IOException {
        return switch (format) {
            case TABLE -> new Columns(out);
            case CSV ->
                new Csv(new CSVPrinter(
                        out,
                        CSVFormat.RFC4180.builder().setRecordSeparator('\n').get()));
            case JSONL -> new JsonLines(new JsonFactory(), out);
        };
    }

    /** Lines that are aligned by the first of them. */
    final class Columns implements RowPrinter {

        private static final int ALIGNED_BY = 200;
        private static final int WIDEST = 60;

        private final PrintStream out;
        private final List<List<String>> waiting = new ArrayList<>();
        private boolean[] isNumber = {};
        private int[] widths = {};

        private Columns(PrintStream out) {
            this.out = out;
        }

        @Override
        public void names(List<String> names) {
            isNumber = new boolean[names.size()];
            waiting.add(names);
        }

        @Override
        public void row(List<? extends @Nullable Object> values) throws IOException {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                isNumber[i] |= values.get(i) instanceof Number;
                texts.add(shortened(text(values.get(i))));
            }
            if (widths.length > 0) {
                print(texts);
                return;
            }
            waiting.add(texts);
            if (waiting.size() > ALIGNED_BY) {
                printWaiting();
            }
        }

        /** One line, whatever is in it. */
        private static String shortened(String text) {
            String line = text.replace("\\", "\\\\")
                    .replace("\n", "\\n")
                    .replace("\r", "\\r")
                    .replace("\t", "\\t")
                    .replaceAll("\\p{Cntrl}", "?");
            return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 1) + "…";
        }

        private void printWaiting() {
            widths = new int[isNumber.length];
            for (List<String> texts : waiting) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], texts.get(i).length());
                }
            }
            waiting.forEach(this::print);
            waiting.clear();
        }

        private void print(List<String> texts) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < texts.size(); i++) {
                String padding = " ".repeat(Math.max(0, widths[i] - texts.get(i).length()));
                line.append(isNumber[i] ? padding + texts.get(i) : texts.get(i) + padding)
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
        }

        @Override
        public void close() {
            if (!waiting.isEmpty()) {
                printWaiting();
            }
            out.flush();
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

        private final JsonFactory json;
        private final PrintStream out;
        private List<String> names = List.of();

        private JsonLines(JsonFactory json, PrintStream out) {
            this.json = json;
            this.out = out;
        }

        @Override
        public void names(List<String> columns) {
            names = List.copyOf(columns);
        }

        @Override
        public void row(List<? extends @Nullable Object> values) throws IOException {
            StringWriter line = new StringWriter();
            try (JsonGenerator generator = json.createGenerator(line)) {
                generator.writeStartObject();
                for (int i = 0; i < names.size(); i++) {
                    generator.writeFieldName(names.get(i));
                    write(values.get(i), generator);
                }
                generator.writeEndObject();
            }
            out.print(line.append('\n'));
        }

        @Override
        public void close() {
            out.flush();
        }
    }

    private static String text(@Nullable Object value) throws IOException {
        if (value == null) {
            return "";
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof BigDecimal decimal) {
            return plain(decimal);
        }
        if (!(value instanceof List) && !(value instanceof Map)) {
            return value.toString();
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            write(value, generator);
        }
        return text.toString();
    }

    /** Stored decimals all have 18 digits after the point. */
    private static String plain(BigDecimal decimal) {
        return decimal.stripTrailingZeros().toPlainString();
    }

    private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(element, out);
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                write(entry.getValue(), out);
            }
            out.writeEndObject();
        } else {
            writeScalar(value, out);
        }
    }

    private static void writeScalar(@Nullable Object value, JsonGenerator out) throws IOException {
        if (value instanceof BigDecimal decimal) {
            out.writeNumber(plain(decimal));
        } else if (value instanceof Float number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else if (value instanceof Number number) {
            out.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof byte[] bytes) {
            out.writeBinary(bytes);
        } else if (value == null) {
            out.writeNull();
        } else {
            out.writeString(value.toString());
        }
    }
}
