package org.rowmill.schemas.model;

import java.io.File;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType.Scalar;

/** Conversions of single values. They reject a value that its type cannot store without loss. */
final class ScalarConversions {

    /** The first and last whole second whose microseconds since 1970 fit into a long: the years -290308 and 294247. */
    private static final Instant FIRST = Instant.ofEpochSecond(Long.MIN_VALUE / 1_000_000);

    private static final Instant LAST = Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000);

    private ScalarConversions() {}

    /** All conversions except those of enums, by the name of the type; primitive types stand for their boxes. */
    static Map<String, Conversion> byName() {
        Map<String, Conversion> map = new HashMap<>();
        map.put("boolean", same(Scalar.BOOLEAN, Boolean.class));
        map.put("byte", new Conversion.Simple(Scalar.INT, v -> ((Byte) v).intValue(), s -> ((Integer) s).byteValue()));
        map.put(
                "short",
                new Conversion.Simple(Scalar.INT, v -> ((Short) v).intValue(), s -> ((Integer) s).shortValue()));
        map.put("int", same(Scalar.INT, Integer.class));
        map.put("long", same(Scalar.LONG, Long.class));
        map.put("float", same(Scalar.FLOAT, Float.class));
        map.put("double", same(Scalar.DOUBLE, Double.class));
        map.put("java.lang.String", storedBy(Scalar.STRING, v -> checked((String) v)));
        map.put("java.time.Instant", storedBy(Scalar.INSTANT, v -> micros((Instant) v)));
        map.put("java.time.LocalDate", storedBy(Scalar.DATE, v -> date((LocalDate) v)));
        map.put("java.time.Duration", storedBy(Scalar.DURATION, v -> duration((Duration) v)));
        map.put("java.math.BigDecimal", storedBy(Scalar.DECIMAL, v -> decimal((BigDecimal) v)));
        map.put(
                "java.nio.file.Path",
                new Conversion.Simple(
                        Scalar.PATH,
                        v -> checked(v.toString().replace(File.separatorChar, '/')),
                        s -> Path.of((String) s)));
        map.put("byte[]", storedBy(Scalar.BYTES, v -> checked((byte[]) v)));
        return Map.copyOf(map);
    }

    static Conversion ofEnum(@Nullable Class<?> type) {
        return new Conversion.Simple(Scalar.ENUM, v -> ((Enum<?>) v).name(), s -> constant(type, (String) s));
    }

    /** Stores the value unchanged. The cast finds a wrong element of a raw type here instead of in the encoder. */
    private static Conversion same(Scalar type, Class<?> of) {
        return new Conversion.Simple(type, of::cast, of::cast);
    }

    private static Conversion storedBy(Scalar type, UnaryOperator<Object> toStored) {
        return new Conversion.Simple(type, toStored, stored -> stored);
    }

    private static Object constant(@Nullable Class<?> type, String name) {
        if (type != null) {
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(name)) {
                    return constant;
                }
            }
        }
        throw new IllegalArgumentException(
                "the enum " + (type == null ? "" : type.getSimpleName()) + " has no constant " + name
                        + ", but a stored value has this name: restore the constant, or compute the column again");
    }

    /** Checks a string or a key of a map. */
    static String checked(String text) {
        if (text.length() > ColumnType.MAX_VALUE_LENGTH) {
            throw new IllegalArgumentException(tooLong(text.length(), "characters"));
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new IllegalArgumentException("a String with an unpaired surrogate (at character " + i
                            + ") is not valid Unicode and cannot be stored: return byte[]");
                }
                i++;
            }
        }
        return text;
    }

    private static byte[] checked(byte[] bytes) {
        if (bytes.length > ColumnType.MAX_VALUE_LENGTH) {
            throw new IllegalArgumentException(tooLong(bytes.length, "bytes"));
        }
        return bytes;
    }

    private static String tooLong(int length, String unit) {
        return "a value of " + length + " " + unit + " cannot be stored, the maximum is " + ColumnType.MAX_VALUE_LENGTH
                + ": write it to a file and store its Path";
    }

    private static Instant micros(Instant instant) {
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new IllegalArgumentException(
                    "an Instant from " + FIRST + " to " + LAST + " was expected, not " + instant);
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static LocalDate date(LocalDate date) {
        if (date.toEpochDay() != (int) date.toEpochDay()) {
            throw new IllegalArgumentException("a LocalDate from " + LocalDate.ofEpochDay(Integer.MIN_VALUE) + " to "
                    + LocalDate.ofEpochDay(Integer.MAX_VALUE) + " was expected, not " + date);
        }
        return date;
    }

    private static Duration duration(Duration duration) {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        if (duration.abs().compareTo(longest) > 0) {
            throw new IllegalArgumentException("a Duration of at most 292 years was expected, not " + duration);
        }
        return duration;
    }

    /** Counts the digits before it sets the scale, because 1E+999999999 would fill the memory. */
    private static BigDecimal decimal(BigDecimal decimal) {
        BigDecimal shortest = decimal.stripTrailingZeros();
        int scale = ColumnType.DECIMAL_SCALE;
        int whole = ColumnType.DECIMAL_PRECISION - scale;
        if (shortest.scale() > scale || (long) shortest.precision() - shortest.scale() > whole) {
            throw new IllegalArgumentException("a BigDecimal of at most " + whole + " digits before and " + scale
                    + " after the point was expected, not " + decimal + ": round it, or return a String");
        }
        return decimal.setScale(scale);
    }
}
