package org.rowmill.schemas.model.shape;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A type in a table class, read from a loaded class or at compile time.
 *
 * @param kind kind of type
 * @param name qualified name, with dots between outer and inner classes; empty for an array
 * @param arguments type arguments; for an array its component type
 * @param runtime the erased class; null at compile time
 */
public record TypeShape(
        Kind kind,
        String name,
        List<TypeShape> arguments,
        @Nullable Class<?> runtime) {

    public enum Kind {
        VOID,
        PRIMITIVE,
        CLASS,
        ENUM,
        RECORD,
        ARRAY,
        /** A type variable without an argument. */
        VARIABLE,
        WILDCARD,
        /** A type that the compiler does not know, and reports by itself. */
        BROKEN
    }

    private static final List<String> NUMBERS = List.of("byte", "short", "int", "long", "float", "double");

    private static final Map<String, String> BOXES = Map.of(
            "boolean", "java.lang.Boolean",
            "char", "java.lang.Character",
            "byte", "java.lang.Byte",
            "short", "java.lang.Short",
            "int", "java.lang.Integer",
            "long", "java.lang.Long",
            "float", "java.lang.Float",
            "double", "java.lang.Double");

    private static final Map<String, String> PRIMITIVES =
            BOXES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    public TypeShape {
        arguments = List.copyOf(arguments);
    }

    public boolean is(String qualifiedName) {
        return name.equals(qualifiedName) && (kind == Kind.CLASS || kind == Kind.PRIMITIVE);
    }

    public boolean isPrimitive() {
        return kind == Kind.PRIMITIVE;
    }

    public boolean isBroken() {
        return kind == Kind.BROKEN;
    }

    /** Returns whether this is an {@code Optional} of a record. */
    public boolean isOptionalRecord() {
        return is("java.util.Optional") && arguments.size() == 1 && arguments.get(0).kind == Kind.RECORD;
    }

    /** Returns the name of the primitive type of a box; the name of this type if it is no box. */
    public String unboxedName() {
        return PRIMITIVES.getOrDefault(name, name);
    }

    public boolean isNumber() {
        return NUMBERS.contains(unboxedName());
    }

    public TypeShape boxed() {
        return isPrimitive() ? new TypeShape(Kind.CLASS, BOXES.getOrDefault(name, name), List.of(), runtime) : this;
    }

    boolean sameAs(TypeShape other) {
        return kind == other.kind
                && name.equals(other.name)
                && arguments.size() == other.arguments.size()
                && IntStream.range(0, arguments.size())
                        .allMatch(i -> arguments.get(i).sameAs(other.arguments.get(i)));
    }

    public boolean sameBoxed(TypeShape other) {
        return boxed().sameAs(other.boxed());
    }

    /**
     * Returns whether a parameter of this type can receive a value of another type: the same type, a wider primitive,
     * its box, {@code Number} or {@code Object}. A primitive cannot receive a box, which can be null.
     */
    public boolean accepts(TypeShape value) {
        if (isBroken() || value.isBroken() || sameAs(value) || is("java.lang.Object")) {
            return true;
        }
        if (is("java.lang.Number")) {
            return value.isNumber() || value.is("java.math.BigDecimal");
        }
        return value.isPrimitive() && (sameAs(value.boxed()) || (isPrimitive() && isWiderThan(value)));
    }

    private boolean isWiderThan(TypeShape value) {
        return NUMBERS.contains(value.name) && NUMBERS.indexOf(name) > NUMBERS.indexOf(value.name);
    }

    /** Returns the type as in source code, without packages. */
    public String text() {
        return switch (kind) {
            case ARRAY -> arguments.get(0).text() + "[]";
            case WILDCARD -> "?";
            default ->
                simpleName()
                        + (arguments.isEmpty()
                                ? ""
                                : arguments.stream().map(TypeShape::text).collect(Collectors.joining(", ", "<", ">")));
        };
    }

    private String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
