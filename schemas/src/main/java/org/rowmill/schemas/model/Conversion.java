package org.rowmill.schemas.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Between a value as a column method declares it and what is stored of it; see {@link ColumnType} for stored forms. */
interface Conversion {

    /** The types a column can have, as messages list them. */
    String COLUMN_TYPES =
            "boolean, byte, short, int, long, float, double (also boxed), String, an enum, byte[], Instant,"
                    + " LocalDate, Duration, Path, BigDecimal, int[], long[], float[], double[], List<V>, Map<String, V>,"
                    + " Optional<V>, OptionalInt, OptionalLong, OptionalDouble, or a record of those";

    /** The types an index can have, as messages list them. */
    String INDEX_TYPES =
            "String, Path, Byte, Short, Integer, Long, Boolean, an enum, Instant, LocalDate," + " or a record of those";

    ColumnType type();

    /** Of a value that may be null; throws IllegalArgumentException when the type cannot hold it. */
    @Nullable
    Object stored(@Nullable Object value);

    /** The inverse of {@link #stored}. */
    @Nullable
    Object value(@Nullable Object stored);

    /** The conversion of a column's type, if the type can be stored. */
    static Optional<Conversion> of(TypeShape type) {
        return switch (type.kind()) {
            case PRIMITIVE -> Optional.ofNullable(SCALARS.get(type.name()));
            case ENUM -> Optional.of(Conversions.ofEnum(type.runtime()));
            case ARRAY -> Optional.ofNullable(ARRAYS.get(type.text()));
            case CLASS ->
                type.arguments().isEmpty()
                        ? Optional.ofNullable(SCALARS.get(type.unboxedName()))
                        : ofGeneric(type.name(), type.arguments());
            default -> Optional.empty();
        };
    }

    /** The conversion of an index, or of a component of one. */
    static Optional<Conversion> ofIndex(TypeShape type) {
        boolean fit = type.kind() == TypeShape.Kind.ENUM || INDICES.contains(type.unboxedName());
        return fit ? of(type) : Optional.empty();
    }

    private static Optional<Conversion> ofGeneric(String name, List<TypeShape> arguments) {
        TypeShape last = arguments.get(arguments.size() - 1);
        return switch (name) {
            case "java.util.List" -> of(last).map(Conversions::ofList);
            case "java.util.Map" ->
                arguments.get(0).is("java.lang.String") ? of(last).map(Conversions::ofMap) : Optional.empty();
            case "java.util.Optional" ->
                last.is("java.util.Optional") ? Optional.empty() : of(last).map(Conversions::ofOptional);
            default -> Optional.empty();
        };
    }

    List<String> INDICES = List.of(
            "java.lang.String",
            "java.nio.file.Path",
            "byte",
            "short",
            "int",
            "long",
            "boolean",
            "java.time.Instant",
            "java.time.LocalDate");

    Map<String, Conversion> SCALARS = Conversions.scalars();

    Map<String, Conversion> ARRAYS = Conversions.arrays();

    /** A conversion of values that are not null, by two functions. */
    record Simple(ColumnType type, UnaryOperator<Object> toStored, UnaryOperator<Object> toValue)
            implements Conversion {
        @Override
        public @Nullable Object stored(@Nullable Object value) {
            return value == null ? null : toStored.apply(value);
        }

        @Override
        public @Nullable Object value(@Nullable Object stored) {
            return stored == null ? null : toValue.apply(stored);
        }
    }
}
