package org.rowmill.store.parts;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;

/** Converts what Parquet reads into stored values. */
final class Converters {

    private Converters() {}

    /** Makes a converter that passes each value that is not null to the sink. */
    static Converter of(ColumnType type, Consumer<Object> sink) {
        if (type instanceof ColumnType.ListOf list) {
            return new ListConverter(list.element(), sink);
        }
        if (type instanceof ColumnType.MapOf map) {
            return new MapConverter(map.value(), sink);
        }
        return switch ((ColumnType.Scalar) type) {
            case STRING, ENUM, PATH -> new TextConverter(sink);
            case DATE -> new IntConverter(value -> sink.accept(LocalDate.ofEpochDay(value)));
            case INT -> new IntConverter(sink::accept);
            case LONG -> new LongConverter(sink::accept);
            case INSTANT -> new LongConverter(value -> sink.accept(Instant.EPOCH.plus(value, ChronoUnit.MICROS)));
            case DURATION -> new LongConverter(value -> sink.accept(Duration.ofNanos(value)));
            case BYTES -> new BytesConverter(sink::accept);
            case DECIMAL ->
                new BytesConverter(
                        bytes -> sink.accept(new BigDecimal(new BigInteger(bytes), ColumnType.DECIMAL_SCALE)));
            case BOOLEAN, FLOAT, DOUBLE -> new PlainConverter(sink);
        };
    }

    private static final class PlainConverter extends PrimitiveConverter {
        private final Consumer<Object> sink;

        PlainConverter(Consumer<Object> sink) {
            this.sink = sink;
        }

        @Override
        public void addBoolean(boolean value) {
            sink.accept(value);
        }

        @Override
        public void addFloat(float value) {
            sink.accept(value);
        }

        @Override
        public void addDouble(double value) {
            sink.accept(value);
        }
    }

    private static final class IntConverter extends PrimitiveConverter {
        private final Consumer<Integer> sink;

        IntConverter(Consumer<Integer> sink) {
            this.sink = sink;
        }

        @Override
        public void addInt(int value) {
            sink.accept(value);
        }
    }

    private static final class LongConverter extends PrimitiveConverter {
        private final Consumer<Long> sink;

        LongConverter(Consumer<Long> sink) {
            this.sink = sink;
        }

        @Override
        public void addLong(long value) {
            sink.accept(value);
        }
    }

    private static final class BytesConverter extends PrimitiveConverter {
        private final Consumer<byte[]> sink;

        BytesConverter(Consumer<byte[]> sink) {
            this.sink = sink;
        }

        @Override
        public void addBinary(Binary value) {
            sink.accept(value.getBytes());
        }
    }

    /** Decodes each string of a dictionary once. */
    private static final class TextConverter extends PrimitiveConverter {
        private final Consumer<Object> sink;
        private @Nullable String[] texts = {};

        TextConverter(Consumer<Object> sink) {
            this.sink = sink;
        }

        @Override
        public boolean hasDictionarySupport() {
            return true;
        }

        @Override
        public void setDictionary(Dictionary dictionary) {
            texts = new String[dictionary.getMaxId() + 1];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = dictionary.decodeToBinary(i).toStringUsingUTF8();
            }
        }

        @Override
        public void addValueFromDictionary(int id) {
            sink.accept(texts[id]);
        }

        @Override
        public void addBinary(Binary value) {
            sink.accept(value.toStringUsingUTF8());
        }
    }

    /** The repeated group inside a list or a map. */
    private static final class Group extends GroupConverter {
        private final List<Converter> fields;
        private final Runnable start;
        private final Runnable end;

        Group(List<Converter> fields, Runnable start, Runnable end) {
            this.fields = fields;
            this.start = start;
            this.end = end;
        }

        @Override
        public Converter getConverter(int field) {
            return fields.get(field);
        }

        @Override
        public void start() {
            start.run();
        }

        @Override
        public void end() {
            end.run();
        }
    }

    private static final class ListConverter extends GroupConverter {
        private final Consumer<Object> sink;
        private final Group repeated;
        private List<@Nullable Object> list = new ArrayList<>();
        private @Nullable Object element;

        ListConverter(ColumnType element, Consumer<Object> sink) {
            this.sink = sink;
            this.repeated = new Group(
                    List.of(of(element, value -> this.element = value)),
                    () -> this.element = null,
                    () -> list.add(this.element));
        }

        @Override
        public Converter getConverter(int field) {
            return repeated;
        }

        @Override
        public void start() {
            list = new ArrayList<>();
        }

        @Override
        public void end() {
            sink.accept(list);
        }
    }

    private static final class MapConverter extends GroupConverter {
        private final Consumer<Object> sink;
        private final Group repeated;
        private Map<String, @Nullable Object> map = new LinkedHashMap<>();
        private String key = "";
        private @Nullable Object value;

        MapConverter(ColumnType type, Consumer<Object> sink) {
            this.sink = sink;
            this.repeated = new Group(
                    List.of(
                            of(ColumnType.Scalar.STRING, value -> this.key = (String) value),
                            of(type, value -> this.value = value)),
                    () -> this.value = null,
                    () -> map.put(this.key, this.value));
        }

        @Override
        public Converter getConverter(int field) {
            return repeated;
        }

        @Override
        public void start() {
            map = new LinkedHashMap<>();
        }

        @Override
        public void end() {
            sink.accept(map);
        }
    }
}
