package org.rowmill.schemas.model;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType.Scalar;

/** Conversions of lists, maps, arrays of numbers, and optional values. */
final class ContainerConversions {

    private ContainerConversions() {}

    /** The conversions of types without type arguments, by the name of the type. */
    static Map<String, Conversion> byName() {
        return Map.of(
                "int[]", ofArray(Scalar.INT, int.class),
                "long[]", ofArray(Scalar.LONG, long.class),
                "float[]", ofArray(Scalar.FLOAT, float.class),
                "double[]", ofArray(Scalar.DOUBLE, double.class),
                "java.util.OptionalInt", new OptionalNumber(Scalar.INT, OptionalInt.empty()),
                "java.util.OptionalLong", new OptionalNumber(Scalar.LONG, OptionalLong.empty()),
                "java.util.OptionalDouble", new OptionalNumber(Scalar.DOUBLE, OptionalDouble.empty()));
    }

    static Conversion ofList(Conversion element) {
        return new Conversion.Simple(
                new ColumnType.ListOf(element.type()),
                v -> mapped((List<?>) v, element::stored),
                s -> Collections.unmodifiableList(mapped((List<?>) s, element::value)));
    }

    static Conversion ofMap(Conversion value) {
        return new Conversion.Simple(
                new ColumnType.MapOf(value.type()),
                v -> mapped((Map<?, ?>) v, value::stored),
                s -> Collections.unmodifiableMap(mapped((Map<?, ?>) s, value::value)));
    }

    static Conversion ofOptional(Conversion value) {
        return new OptionalValue(value);
    }

    private static Conversion ofArray(Scalar type, Class<?> element) {
        return new Conversion.Simple(new ColumnType.ListOf(type), ContainerConversions::elements, stored -> {
            List<?> elements = (List<?>) stored;
            Object array = Array.newInstance(element, elements.size());
            for (int i = 0; i < elements.size(); i++) {
                if (elements.get(i) == null) {
                    throw new IllegalArgumentException("element " + i + " of a stored list is null, which " + element
                            + "[] does not permit: return a List, or compute the column again");
                }
                Array.set(array, i, elements.get(i));
            }
            return array;
        });
    }

    private static List<?> elements(Object array) {
        if (array instanceof double[] doubles) {
            return Arrays.stream(doubles).boxed().toList();
        }
        Object[] elements = new Object[Array.getLength(array)];
        Arrays.setAll(elements, i -> Array.get(array, i));
        return Arrays.asList(elements);
    }

    private static List<@Nullable Object> mapped(List<?> list, UnaryOperator<@Nullable Object> each) {
        List<@Nullable Object> mapped = new ArrayList<>(list.size());
        for (Object element : list) {
            mapped.add(each.apply(element));
        }
        return mapped;
    }

    private static Map<String, @Nullable Object> mapped(Map<?, ?> map, UnaryOperator<@Nullable Object> each) {
        Map<String, @Nullable Object> mapped = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getKey() == null) {
                throw new IllegalArgumentException("a map with a null key cannot be stored");
            }
            mapped.put(ScalarConversions.checked((String) entry.getKey()), each.apply(entry.getValue()));
        }
        return mapped;
    }

    /** Stores an empty Optional and null as null. */
    private record OptionalValue(Conversion of) implements Conversion {
        @Override
        public ColumnType type() {
            return of.type();
        }

        @Override
        public @Nullable Object stored(@Nullable Object value) {
            return value == null ? null : of.stored(((Optional<?>) value).orElse(null));
        }

        @Override
        public Object value(@Nullable Object stored) {
            return Optional.ofNullable(of.value(stored));
        }
    }

    private record OptionalNumber(Scalar type, Object empty) implements Conversion {
        @Override
        public @Nullable Object stored(@Nullable Object value) {
            if (value == null || value.equals(empty)) {
                return null;
            }
            return switch (type) {
                case INT -> (Object) ((OptionalInt) value).getAsInt();
                case LONG -> ((OptionalLong) value).getAsLong();
                default -> ((OptionalDouble) value).getAsDouble();
            };
        }

        @Override
        public Object value(@Nullable Object stored) {
            if (stored == null) {
                return empty;
            }
            return switch (type) {
                case INT -> OptionalInt.of((Integer) stored);
                case LONG -> OptionalLong.of((Long) stored);
                default -> OptionalDouble.of((Double) stored);
            };
        }
    }
}
