package org.rowmill.producer.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads JSON. A value is a map with text keys, a list, a number, a boolean, a text or null. When writing,
 * bytes become Base64 text, and every other object the text of its {@code toString}.
 */
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Formats a value on one line. */
    public static String line(@Nullable Object value) throws IOException {
        return text(value, false);
    }

    /** Formats a value on indented lines. */
    public static String pretty(@Nullable Object value) throws IOException {
        return text(value, true);
    }

    private static String text(@Nullable Object value, boolean isPretty) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            if (isPretty) {
                generator.useDefaultPrettyPrinter();
            }
            write(value, generator);
        }
        return text.toString();
    }

    /** Rounds to three decimals. */
    public static double rounded(double number) {
        double scale = 1000;
        return Math.round(number * scale) / scale;
    }

    /** Rounds to six decimals, for small numbers. */
    public static double precise(double number) {
        double scale = 1_000_000;
        return Math.round(number * scale) / scale;
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
            out.writeNumber(decimal.stripTrailingZeros().toPlainString());
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

    /**
     * Parses one value. Whole numbers become {@code Long}, others {@code Double}.
     *
     * @throws IOException if the text is not JSON
     */
    public static @Nullable Object parse(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("a JSON value was expected, not the end of the text");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }
}
