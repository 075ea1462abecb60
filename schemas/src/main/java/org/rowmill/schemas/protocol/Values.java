package org.rowmill.schemas.protocol;

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
import org.rowmill.schemas.model.ColumnType;

/** Writes and reads stored values in CBOR. Both sides know the type, so it is not written. */
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
        // There is no next name at the end of a body that is cut short, either.
        expect(in, JsonToken.END_OBJECT);
        return entries;
    }

    /** Checks the tokens, because the parser returns 3 if it is asked for an int and reads 3.7. */
    private static Object readScalar(JsonParser in, ColumnType.Scalar type) throws IOException {
        return switch (type) {
            case BOOLEAN -> in.getBooleanValue();
            case INT -> whole(in).getIntValue();
            case LONG -> whole(in).getLongValue();
            case FLOAT -> expect(in, JsonToken.VALUE_NUMBER_FLOAT).getFloatValue();
            case DOUBLE -> expect(in, JsonToken.VALUE_NUMBER_FLOAT).getDoubleValue();
            case STRING, ENUM, PATH -> expect(in, JsonToken.VALUE_STRING).getText();
            case BYTES -> expect(in, JsonToken.VALUE_EMBEDDED_OBJECT).getBinaryValue();
            case INSTANT -> instant(whole(in).getLongValue());
            case DATE -> LocalDate.ofEpochDay(whole(in).getIntValue());
            case DURATION -> Duration.ofNanos(whole(in).getLongValue());
            case DECIMAL -> decimal(expect(in, JsonToken.VALUE_NUMBER_FLOAT).getDecimalValue());
        };
    }

    private static JsonParser whole(JsonParser in) throws IOException {
        return expect(in, JsonToken.VALUE_NUMBER_INT);
    }

    /** Checks the current token. */
    static JsonParser expect(JsonParser in, JsonToken token) throws IOException {
        if (in.currentToken() != token) {
            throw new IOException("a " + token + " was expected, not " + in.currentToken() + ", at byte "
                    + in.currentTokenLocation().getByteOffset());
        }
        return in;
    }

    private static BigDecimal decimal(BigDecimal decimal) throws IOException {
        if (decimal.scale() != ColumnType.DECIMAL_SCALE || decimal.precision() > ColumnType.DECIMAL_PRECISION) {
            throw new IOException("a decimal of scale " + ColumnType.DECIMAL_SCALE + " and at most "
                    + ColumnType.DECIMAL_PRECISION + " digits was expected, not one of scale " + decimal.scale()
                    + " and " + decimal.precision() + " digits");
        }
        return decimal;
    }

    /**
     * Returns microseconds since 1970. For an instant before 1970, it counts back from the next whole second: the
     * previous one would not fit into a long for the first instants that can be stored.
     */
    private static long micros(Instant instant) {
        long seconds = instant.getEpochSecond();
        long micros = instant.getNano() / NANOS_PER_MICRO;
        return seconds < 0
                ? Math.addExact(Math.multiplyExact(seconds + 1, MICROS_PER_SECOND), micros - MICROS_PER_SECOND)
                : Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), micros);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
