package org.rowmill.schemas.model;

import java.util.Locale;
import java.util.Objects;

/**
 * The type of a stored value, the same in messages and in Parquet. A stored value is null or an object of the JDK:
 *
 * <ul>
 *   <li>{@code BOOLEAN} Boolean, {@code INT} Integer, {@code LONG} Long, {@code FLOAT} Float, {@code DOUBLE} Double,
 *       {@code STRING} String, {@code BYTES} byte[];
 *   <li>{@code ENUM} the name of the constant and {@code PATH} the path with forward slashes, both String;
 *   <li>{@code INSTANT} Instant in whole microseconds, {@code DATE} LocalDate, {@code DURATION} Duration of at most
 *       2^63 nanoseconds;
 *   <li>{@code DECIMAL} BigDecimal of scale 18 and at most 38 digits;
 *   <li>{@link ListOf} List and {@link MapOf} Map with String keys, of stored values.
 * </ul>
 */
public sealed interface ColumnType {

    /** Digits of a stored decimal. */
    int DECIMAL_PRECISION = 38;

    /** Digits of a stored decimal after the point. */
    int DECIMAL_SCALE = 18;

    /** Maximum length of a string, a map key or a byte array, in characters or bytes. */
    int MAX_VALUE_LENGTH = 256 << 20;

    /**
     * Returns the type as text, as in footers of parts, such as {@code list<double>}.
     *
     * @return lower case, without spaces
     */
    String text();

    /**
     * Parses what {@link #text()} returned.
     *
     * @param text a type
     * @return the type
     * @throws IllegalArgumentException if the text is no type
     */
    static ColumnType parse(String text) {
        if (text.startsWith("list<") && text.endsWith(">")) {
            return new ListOf(parse(text.substring("list<".length(), text.length() - 1)));
        }
        if (text.startsWith("map<string,") && text.endsWith(">")) {
            return new MapOf(parse(text.substring("map<string,".length(), text.length() - 1)));
        }
        for (Scalar scalar : Scalar.values()) {
            if (scalar.text().equals(text)) {
                return scalar;
            }
        }
        throw new IllegalArgumentException("unknown column type: \"" + text + "\"");
    }

    /** A single value. */
    enum Scalar implements ColumnType {
        BOOLEAN,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        STRING,
        ENUM,
        BYTES,
        INSTANT,
        DATE,
        DURATION,
        PATH,
        DECIMAL;

        private final String text = name().toLowerCase(Locale.ROOT);

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * A list, whose elements can be null.
     *
     * @param element type of the elements
     */
    record ListOf(ColumnType element) implements ColumnType {
        public ListOf {
            Objects.requireNonNull(element);
        }

        @Override
        public String text() {
            return "list<" + element.text() + ">";
        }
    }

    /**
     * A map with string keys, whose values can be null.
     *
     * @param value type of the values
     */
    record MapOf(ColumnType value) implements ColumnType {
        public MapOf {
            Objects.requireNonNull(value);
        }

        @Override
        public String text() {
            return "map<string," + value.text() + ">";
        }
    }
}
