package org.rowmill.store.compaction;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;

/** Encodes stored values for temporary files. Checks nothing, because the same process reads them. */
final class SpilledValues {

    private SpilledValues() {}

    static void write(DataOutputStream out, ColumnType type, @Nullable Object value) throws IOException {
        out.writeBoolean(value != null);
        if (value == null) {
            return;
        }
        if (type instanceof ColumnType.ListOf list) {
            List<?> elements = (List<?>) value;
            out.writeInt(elements.size());
            for (Object element : elements) {
                write(out, list.element(), element);
            }
        } else if (type instanceof ColumnType.MapOf map) {
            Map<?, ?> entries = (Map<?, ?>) value;
            out.writeInt(entries.size());
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                writeBytes(out, ((String) entry.getKey()).getBytes(StandardCharsets.UTF_8));
                write(out, map.value(), entry.getValue());
            }
        } else {
            writeScalar(out, (ColumnType.Scalar) type, value);
        }
    }

    private static void writeScalar(DataOutputStream out, ColumnType.Scalar type, Object value) throws IOException {
        switch (type) {
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INT -> out.writeInt((Integer) value);
            case LONG -> out.writeLong((Long) value);
            case FLOAT -> out.writeFloat((Float) value);
            case DOUBLE -> out.writeDouble((Double) value);
            case STRING, ENUM, PATH -> writeBytes(out, ((String) value).getBytes(StandardCharsets.UTF_8));
            case BYTES -> writeBytes(out, (byte[]) value);
            case INSTANT -> {
                Instant instant = (Instant) value;
                out.writeLong(instant.getEpochSecond());
                out.writeInt(instant.getNano());
            }
            case DATE -> out.writeLong(((LocalDate) value).toEpochDay());
            case DURATION -> out.writeLong(((Duration) value).toNanos());
            case DECIMAL -> writeBytes(out, ((BigDecimal) value).unscaledValue().toByteArray());
        }
    }

    static @Nullable Object read(DataInputStream in, ColumnType type) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        if (type instanceof ColumnType.ListOf list) {
            int size = in.readInt();
            List<@Nullable Object> elements = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                elements.add(read(in, list.element()));
            }
            return elements;
        }
        if (type instanceof ColumnType.MapOf map) {
            int size = in.readInt();
            Map<String, @Nullable Object> entries = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                entries.put(readText(in), read(in, map.value()));
            }
            return entries;
        }
        return readScalar(in, (ColumnType.Scalar) type);
    }

    private static Object readScalar(DataInputStream in, ColumnType.Scalar type) throws IOException {
        return switch (type) {
            case BOOLEAN -> in.readBoolean();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> in.readFloat();
            case DOUBLE -> in.readDouble();
            case STRING, ENUM, PATH -> readText(in);
            case BYTES -> readBytes(in);
            case INSTANT -> Instant.ofEpochSecond(in.readLong(), in.readInt());
            case DATE -> LocalDate.ofEpochDay(in.readLong());
            case DURATION -> Duration.ofNanos(in.readLong());
            case DECIMAL -> new BigDecimal(new BigInteger(readBytes(in)), ColumnType.DECIMAL_SCALE);
        };
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }
}
