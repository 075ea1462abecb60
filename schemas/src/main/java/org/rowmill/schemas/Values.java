package org.rowmill.schemas;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads stored values in CBOR; the type is known on both sides and not written. */
final class Values {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private Values() {}

    static void write(JsonGenerator out, ColumnType type, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (type instanceof ColumnType.Scalar scalar) {
            writeScalar(out, scalar, value);
        } else if (type instanceof ColumnType.ListOf list) {
            List<?> elements = (List<?>) value;
            out.writeStartArray(elements, elements.size());
            for (Object element : elements) {
                write(out, list.element(), element);
            }
            out.writeEndArray();
        } else if (type instanceof ColumnType.MapOf map) {
            Map<?, ?> entries = (Map<?, ?>) value;
            out.writeStartObject(entries, entries.size());
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                write(out, map.value(), entry.getValue());
            }
            out.writeEndObject();
        }
    }

    private static void writeScalar(JsonGenerator out, ColumnType.Scalar type, Object value) throws IOException {
        switch (type) {
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INT -> out.writeNumber((int) (Integer) value);
            case LONG -> out.writeNumber((long) (Long) value);
            case FLOAT -> out.writeNumber((float) (Float) value);
            case DOUBLE -> out.writeNumber((double) (Double) value);
            case STRING, ENUM, PATH -> out.writeString((String) value);
            case BYTES -> out.writeBinary((byte[]) value);
            case INSTANT -> out.writeNumber(micros((Instant) value));
            case DATE -> out.writeNumber(((LocalDate) value).toEpochDay());
            case DURATION -> out.writeNumber(((Duration) value).toNanos());
            case DECIMAL -> out.writeNumber((BigDecimal) value);
        }
    }

    /** Reads the value at the parser's current token. */
    static @Nullable Object read(JsonParser in, ColumnType type) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (type instanceof ColumnType.Scalar scalar) {
            return readScalar(in, scalar);
        }
        if (type instanceof ColumnType.ListOf list) {
            expect(in, JsonToken.START_ARRAY);
            List<@Nullable Object> elements = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                elements.add(read(in, list.element()));
            }
            return elements;
        }
        ColumnType value = ((ColumnType.MapOf) type).value();
        expect(in, JsonToken.START_OBJECT);
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
            in.nextToken();
            entries.put(key, read(in, value));
        }
        return entries;
    }

    private static Object readScalar(JsonParser in, ColumnType.Scalar type) throws IOException {
        return switch (type) {
            case BOOLEAN -> in.getBooleanValue();
            case INT -> in.getIntValue();
            case LONG -> in.getLongValue();
            case FLOAT -> in.getFloatValue();
            case DOUBLE -> in.getDoubleValue();
            case STRING, ENUM, PATH -> {
                expect(in, JsonToken.VALUE_STRING);
                yield in.getText();
            }
            case BYTES -> in.getBinaryValue();
            case INSTANT -> instant(in.getLongValue());
            case DATE -> LocalDate.ofEpochDay(in.getLongValue());
            case DURATION -> Duration.ofNanos(in.getLongValue());
            case DECIMAL -> in.getDecimalValue();
        };
    }

    static void expect(JsonParser in, JsonToken token) throws IOException {
        if (in.currentToken() != token) {
            throw new IOException("a " + token + " was expected, not " + in.currentToken() + ", at byte "
                    + in.currentTokenLocation().getByteOffset());
        }
    }

    private static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / NANOS_PER_MICRO);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
