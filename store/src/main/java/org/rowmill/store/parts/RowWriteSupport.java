package org.rowmill.store.parts;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/** Passes the values of rows to Parquet. A row is an array of the stored values of the index, then of the columns. */
final class RowWriteSupport extends WriteSupport<@Nullable Object[]> {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private interface ValueWriter {
        void write(RecordConsumer out, Object value);
    }

    private final TableSchema schema;
    private final PartFooter footer;
    private final String[] names;
    private final ValueWriter[] writers;
    private @Nullable RecordConsumer consumer;

    RowWriteSupport(PartFooter footer) {
        this.schema = footer.schema();
        this.footer = footer;
        List<String> names = new ArrayList<>();
        List<ValueWriter> writers = new ArrayList<>();
        schema.index().forEach(field -> {
            names.add(field.name());
            writers.add(writer(field.type()));
        });
        schema.columns().forEach(field -> {
            names.add(field.name());
            writers.add(writer(field.type()));
        });
        this.names = names.toArray(String[]::new);
        this.writers = writers.toArray(ValueWriter[]::new);
    }

    /** Not called, but abstract in the superclass. */
    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration configuration) {
        return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return context();
    }

    private WriteContext context() {
        return new WriteContext(
                ParquetTypes.message(schema), PartSections.metadata(List.of(new PartSections.Section(0, footer))));
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public void write(@Nullable Object[] row) {
        RecordConsumer out = consumer;
        if (out == null) {
            throw new IllegalStateException("prepareForWrite was not called");
        }
        out.startMessage();
        for (int i = 0; i < writers.length; i++) {
            field(out, names[i], i, writers[i], row[i]);
        }
        out.endMessage();
    }

    private static void field(RecordConsumer out, String name, int place, ValueWriter writer, @Nullable Object value) {
        if (value != null) {
            out.startField(name, place);
            writer.write(out, value);
            out.endField(name, place);
        }
    }

    private static ValueWriter writer(ColumnType type) {
        if (type instanceof ColumnType.ListOf list) {
            return listWriter(writer(list.element()));
        }
        if (type instanceof ColumnType.MapOf map) {
            return mapWriter(writer(ColumnType.Scalar.STRING), writer(map.value()));
        }
        return switch ((ColumnType.Scalar) type) {
            case BOOLEAN -> (out, value) -> out.addBoolean((Boolean) value);
            case INT -> (out, value) -> out.addInteger((Integer) value);
            case LONG -> (out, value) -> out.addLong((Long) value);
            case FLOAT -> (out, value) -> out.addFloat((Float) value);
            case DOUBLE -> (out, value) -> out.addDouble((Double) value);
            case STRING, ENUM, PATH -> (out, value) -> out.addBinary(Binary.fromString((String) value));
            case BYTES -> (out, value) -> out.addBinary(Binary.fromConstantByteArray((byte[]) value));
            case INSTANT -> (out, value) -> out.addLong(micros((Instant) value));
            case DATE -> (out, value) -> out.addInteger(Math.toIntExact(((LocalDate) value).toEpochDay()));
            case DURATION -> (out, value) -> out.addLong(((Duration) value).toNanos());
            case DECIMAL -> (out, value) -> out.addBinary(decimal((BigDecimal) value));
        };
    }

    private static ValueWriter listWriter(ValueWriter element) {
        return (out, value) -> {
            List<?> list = (List<?>) value;
            out.startGroup();
            if (!list.isEmpty()) {
                out.startField("list", 0);
                for (Object item : list) {
                    out.startGroup();
                    field(out, "element", 0, element, item);
                    out.endGroup();
                }
                out.endField("list", 0);
            }
            out.endGroup();
        };
    }

    private static ValueWriter mapWriter(ValueWriter key, ValueWriter value) {
        return (out, object) -> {
            Map<?, ?> map = (Map<?, ?>) object;
            out.startGroup();
            if (!map.isEmpty()) {
                out.startField("key_value", 0);
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.startGroup();
                    field(out, "key", 0, key, entry.getKey());
                    field(out, "value", 1, value, entry.getValue());
                    out.endGroup();
                }
                out.endField("key_value", 0);
            }
            out.endGroup();
        };
    }

    private static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / NANOS_PER_MICRO);
    }

    private static Binary decimal(BigDecimal value) {
        byte[] digits = value.setScale(ColumnType.DECIMAL_SCALE).unscaledValue().toByteArray();
        byte[] bytes = new byte[ParquetTypes.DECIMAL_BYTES];
        Arrays.fill(bytes, 0, bytes.length - digits.length, (byte) (digits[0] < 0 ? -1 : 0));
        System.arraycopy(digits, 0, bytes, bytes.length - digits.length, digits.length);
        return Binary.fromConstantByteArray(bytes);
    }
}
