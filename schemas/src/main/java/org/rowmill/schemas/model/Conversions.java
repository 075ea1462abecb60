package org.rowmill.schemas.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rowmill.schemas.model.shape.TypeShape;

/** Finds the conversion of a type, and says which types can be stored. */
final class Conversions {

    /** The types that a column can have, for messages. */
    static final String COLUMN_TYPES =
            "boolean, byte, short, int, long, float, double (also boxed), String, an enum, byte[], Instant, LocalDate,"
                    + " Duration, Path, BigDecimal, int[], long[], float[], double[], List<V>, Map<String, V>,"
                    + " Optional<V>, OptionalInt, OptionalLong, OptionalDouble, or a record of those";

    /** The types that an index can have, for messages. */
    static final String INDEX_TYPES =
            "String, Path, Byte, Short, Integer, Long, Boolean, an enum, Instant, LocalDate, or a record of those";

    private static final List<String> INDICES = List.of(
            "java.lang.String",
            "java.nio.file.Path",
            "byte",
            "short",
            "int",
            "long",
            "boolean",
            "java.time.Instant",
            "java.time.LocalDate");

    private static final Map<String, Conversion> BY_NAME = byName();

    private Conversions() {}

    private static Map<String, Conversion> byName() {
        Map<String, Conversion> all = new HashMap<>(ScalarConversions.byName());
        all.putAll(ContainerConversions.byName());
        return Map.copyOf(all);
    }

    /** Finds the conversion of the type of a column; empty if the type cannot be stored. */
    static Optional<Conversion> of(TypeShape type) {
        return switch (type.kind()) {
            case PRIMITIVE -> Optional.ofNullable(BY_NAME.get(type.name()));
            case ENUM -> Optional.of(ScalarConversions.ofEnum(type.runtime()));
            case ARRAY -> Optional.ofNullable(BY_NAME.get(type.text()));
            case CLASS ->
                type.arguments().isEmpty()
                        ? Optional.ofNullable(BY_NAME.get(type.unboxedName()))
                        : ofGeneric(type.name(), type.arguments());
            default -> Optional.empty();
        };
    }

    /** Finds the conversion of the type of an index or of its component; empty if the type cannot be one. */
    static Optional<Conversion> ofIndex(TypeShape type) {
        boolean isIndex = type.kind() == TypeShape.Kind.ENUM || INDICES.contains(type.unboxedName());
        return isIndex ? of(type) : Optional.empty();
    }

    private static Optional<Conversion> ofGeneric(String name, List<TypeShape> arguments) {
        TypeShape last = arguments.get(arguments.size() - 1);
        return switch (name) {
            case "java.util.List" -> of(last).map(ContainerConversions::ofList);
            case "java.util.Map" ->
                arguments.get(0).is("java.lang.String") ? of(last).map(ContainerConversions::ofMap) : Optional.empty();
            case "java.util.Optional" ->
                last.is("java.util.Optional") ? Optional.empty() : of(last).map(ContainerConversions::ofOptional);
            default -> Optional.empty();
        };
    }
}
