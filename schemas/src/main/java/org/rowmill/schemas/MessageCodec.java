package org.rowmill.schemas;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of the messages of one run, as CBOR arrays. Thread-safe.
 *
 * <p>What is read is checked: a body of another run, of a table or column that the run does not have, or one that is cut
 * short is an {@link IOException}.
 */
public final class MessageCodec {

    /** Longest string, map key or byte array, in characters or bytes. */
    static final int LONGEST_VALUE = 256 << 20;

    /**
     * Bodies come from the run's own processes, so the limits are those of what they may write; nesting is bounded by the
     * types. Keys of maps are users' data: no table of names is kept, which would grow with them.
     */
    private final CBORFactory cbor = CBORFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_VALUE)
                    .maxNameLength(LONGEST_VALUE)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // Half a surrogate pair in the message of a user's exception must not keep the failure from the head.
            .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
            .build();

    private final String run;
    private final List<TableSchema> tables;

    /**
     * A codec.
     *
     * @param run the run's id
     * @param tables the run's tables, in the order both sides know
     */
    public MessageCodec(String run, List<TableSchema> tables) {
        this.run = run;
        this.tables = List.copyOf(tables);
    }

    /**
     * Encodes a row.
     *
     * @param message the row
     * @return the body
     */
    public byte[] encode(RowMessage message) {
        TableSchema table = tables.get(message.table());
        return bytes(out -> {
            out.writeStartArray(null, 7);
            header(out, message.table(), message.row(), message.attempt());
            writeIndex(out, table, message.index());
            out.writeStartArray(null, message.columns().size());
            for (int column : message.columns()) {
                out.writeNumber(column);
            }
            out.writeEndArray();
            writeValues(out, table, message.known());
            out.writeEndArray();
        });
    }

    /**
     * Decodes a row.
     *
     * @param body what {@link #encode(RowMessage)} made
     * @return the row
     * @throws IOException when it is no row of this run
     */
    public RowMessage decodeRow(byte[] body) throws IOException {
        return read(body, in -> {
            int number = tableNumber(in);
            TableSchema table = tables.get(number);
            long row = nextLong(in);
            int attempt = nextInt(in);
            List<Object> index = readIndex(in, table);
            List<Integer> columns = readColumns(in, table);
            return new RowMessage(number, row, attempt, index, columns, readValues(in, table));
        });
    }

    /**
     * Encodes a result.
     *
     * @param message the result
     * @return the body
     */
    public byte[] encode(ResultMessage message) {
        TableSchema table = tables.get(message.table());
        return bytes(out -> {
            out.writeStartArray(null, 8);
            header(out, message.table(), message.row(), message.attempt());
            out.writeString(message.node());
            out.writeNumber(message.nanos());
            writeValues(out, table, message.values());
            out.writeStartArray(null, message.failures().size() * 4);
            for (ResultMessage.Failure failure : message.failures()) {
                out.writeString(failure.columns());
                out.writeString(failure.errorClass());
                out.writeString(failure.message());
                out.writeString(failure.stack());
            }
            out.writeEndArray();
            out.writeEndArray();
        });
    }

    /**
     * Decodes a result.
     *
     * @param body what {@link #encode(ResultMessage)} made
     * @return the result
     * @throws IOException when it is no result of this run
     */
    public ResultMessage decodeResult(byte[] body) throws IOException {
        return read(body, in -> {
            int number = tableNumber(in);
            TableSchema table = tables.get(number);
            long row = nextLong(in);
            int attempt = nextInt(in);
            String node = nextText(in);
            long nanos = nextLong(in);
            Map<Integer, @Nullable Object> values = readValues(in, table);
            return new ResultMessage(number, row, attempt, node, nanos, values, readFailures(in));
        });
    }

    /**
     * The index alone, encoded: equal for equal indices only. Rows are told apart by it.
     *
     * @param table the table
     * @param index stored values of its index
     * @return the bytes
     */
    public byte[] encodeIndex(TableSchema table, List<Object> index) {
        return bytes(out -> writeIndex(out, table, index));
    }

    private interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    private byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = cbor.createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private void header(JsonGenerator out, int table, long row, int attempt) throws IOException {
        out.writeString(run);
        out.writeNumber(table);
        out.writeNumber(row);
        out.writeNumber(attempt);
    }

    private interface Message<T> {
        T read(JsonParser in) throws IOException;
    }

    private <T> T read(byte[] body, Message<T> message) throws IOException {
        try (JsonParser in = cbor.createParser(body)) {
            in.nextToken();
            Values.expect(in, JsonToken.START_ARRAY);
            String of = nextText(in);
            if (!of.equals(run)) {
                throw new IOException("a message of run " + run + " was expected, not of run " + of);
            }
            T read = message.read(in);
            in.nextToken();
            Values.expect(in, JsonToken.END_ARRAY);
            if (in.nextToken() != null) {
                throw new IOException("a message of run " + run + " is followed by something");
            }
            return read;
        } catch (RuntimeException e) {
            // The parser has its own ways with garbage, such as IllegalArgumentException for a decimal out of range.
            throw new IOException("a message of run " + run + " was expected: " + e, e);
        }
    }

    private int tableNumber(JsonParser in) throws IOException {
        return below(nextInt(in), tables.size(), "table");
    }

    private static void writeIndex(JsonGenerator out, TableSchema table, List<Object> index) throws IOException {
        out.writeStartArray(null, index.size());
        for (int i = 0; i < index.size(); i++) {
            Values.write(out, table.index().get(i).type(), index.get(i));
        }
        out.writeEndArray();
    }

    private static List<Object> readIndex(JsonParser in, TableSchema table) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        List<Object> index = new ArrayList<>(table.index().size());
        for (TableSchema.IndexField field : table.index()) {
            in.nextToken();
            Object value = Values.read(in, field.type());
            if (value == null) {
                throw new IOException("the index column " + field.name() + " is null");
            }
            index.add(value);
        }
        in.nextToken();
        Values.expect(in, JsonToken.END_ARRAY);
        return index;
    }

    private static List<Integer> readColumns(JsonParser in, TableSchema table) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        List<Integer> columns = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            columns.add(columnNumber(in, table));
        }
        return columns;
    }

    private static void writeValues(JsonGenerator out, TableSchema table, Map<Integer, @Nullable Object> values)
            throws IOException {
        out.writeStartArray(null, values.size() * 2);
        for (Map.Entry<Integer, @Nullable Object> entry : values.entrySet()) {
            out.writeNumber((int) entry.getKey());
            Values.write(out, table.columns().get(entry.getKey()).type(), entry.getValue());
        }
        out.writeEndArray();
    }

    private static Map<Integer, @Nullable Object> readValues(JsonParser in, TableSchema table) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        Map<Integer, @Nullable Object> values = new HashMap<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            int column = columnNumber(in, table);
            in.nextToken();
            values.put(column, Values.read(in, table.columns().get(column).type()));
        }
        return values;
    }

    private static int columnNumber(JsonParser in, TableSchema table) throws IOException {
        Values.expect(in, JsonToken.VALUE_NUMBER_INT);
        return below(in.getIntValue(), table.columns().size(), "column");
    }

    private static List<ResultMessage.Failure> readFailures(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        List<ResultMessage.Failure> failures = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Values.expect(in, JsonToken.VALUE_STRING);
            failures.add(new ResultMessage.Failure(in.getText(), nextText(in), nextText(in), nextText(in)));
        }
        return failures;
    }

    private static int below(int value, int limit, String what) throws IOException {
        if (value < 0 || value >= limit) {
            throw new IOException("a " + what + " from 0 to " + (limit - 1) + " was expected, not " + value);
        }
        return value;
    }

    private static long nextLong(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.VALUE_NUMBER_INT);
        return in.getLongValue();
    }

    private static int nextInt(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.VALUE_NUMBER_INT);
        return in.getIntValue();
    }

    private static String nextText(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.VALUE_STRING);
        return in.getText();
    }
}
