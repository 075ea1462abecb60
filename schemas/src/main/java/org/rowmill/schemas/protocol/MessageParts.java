package org.rowmill.schemas.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;

/**
 * Writes and reads the elements of messages. Reading checks everything, and throws an {@link IOException} for anything
 * unexpected.
 */
final class MessageParts {

    private MessageParts() {}

    static void writeIndex(JsonGenerator out, TableSchema table, List<Object> index) throws IOException {
        out.writeStartArray(null, index.size());
        for (int i = 0; i < index.size(); i++) {
            Values.write(out, table.index().get(i).type(), index.get(i));
        }
        out.writeEndArray();
    }

    static List<Object> readIndex(JsonParser in, TableSchema table) throws IOException {
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

    static List<Integer> readColumns(JsonParser in, TableSchema table) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        List<Integer> columns = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            columns.add(columnNumber(in, table));
        }
        return columns;
    }

    static void writeValues(JsonGenerator out, TableSchema table, Map<Integer, @Nullable Object> values)
            throws IOException {
        out.writeStartArray(null, values.size() * 2);
        for (Map.Entry<Integer, @Nullable Object> entry : values.entrySet()) {
            out.writeNumber((int) entry.getKey());
            Values.write(out, table.columns().get(entry.getKey()).type(), entry.getValue());
        }
        out.writeEndArray();
    }

    static Map<Integer, @Nullable Object> readValues(JsonParser in, TableSchema table) throws IOException {
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

    static List<ResultMessage.Failure> readFailures(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        List<ResultMessage.Failure> failures = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Values.expect(in, JsonToken.VALUE_STRING);
            failures.add(
                    new ResultMessage.Failure(in.getText(), nextText(in), nextText(in), nextText(in), nextBoolean(in)));
        }
        return failures;
    }

    static int below(int value, int limit, String what) throws IOException {
        if (value < 0 || value >= limit) {
            throw new IOException("a " + what + " from 0 to " + (limit - 1) + " was expected, not " + value);
        }
        return value;
    }

    static long nextLong(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.VALUE_NUMBER_INT);
        return in.getLongValue();
    }

    static int nextInt(JsonParser in) throws IOException {
        in.nextToken();
        return currentInt(in);
    }

    /** Reads whether {@code true} comes next, and moves to what follows it. */
    static boolean nextFlag(JsonParser in) throws IOException {
        boolean isSet = in.nextToken() == JsonToken.VALUE_TRUE;
        if (isSet) {
            in.nextToken();
        }
        return isSet;
    }

    static int currentInt(JsonParser in) throws IOException {
        Values.expect(in, JsonToken.VALUE_NUMBER_INT);
        return in.getIntValue();
    }

    static boolean nextBoolean(JsonParser in) throws IOException {
        JsonToken token = in.nextToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw new IOException("true or false was expected, not " + token);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    static String nextText(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.VALUE_STRING);
        return in.getText();
    }
}
