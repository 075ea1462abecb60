package org.rowmill.schemas.model.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a table class declares. {@link ReflectedTable} and {@link MirroredTable} both make it, so that
 * {@code TableCheck} reports the same faults at run time and at compile time.
 *
 * @param name simple name of the class
 * @param traits its modifiers and constructor
 * @param index its index type; a variable if the class does not declare it
 * @param indexComponents components of a record index
 * @param indexName value of {@code @IndexName}
 * @param methods column methods and their overriders, superclasses and interfaces first, each class in source order
 * @param place line of the class
 * @param origin the class or its element
 */
public record TableShape(
        String name,
        Traits traits,
        TypeShape index,
        List<Component> indexComponents,
        Optional<String> indexName,
        List<Method> methods,
        SourceLine place,
        Object origin) {

    public TableShape {
        indexComponents = List.copyOf(indexComponents);
        methods = List.copyOf(methods);
    }

    /** Properties of a table class that decide whether Rowmill can make an instance. */
    public record Traits(
            boolean isTable, boolean isPublic, boolean isAbstract, boolean isInner, boolean hasConstructor) {}

    /**
     * A component of a record.
     *
     * @param name its name
     * @param type its type
     */
    public record Component(String name, TypeShape type) {}

    /**
     * A parameter.
     *
     * @param name its name
     * @param type its type
     * @param origin the parameter or its element
     */
    public record Parameter(String name, TypeShape type, Object origin) {}

    /**
     * The annotation of a column method.
     *
     * @param name name of the column; blank: that of the method
     * @param version version of the computation
     * @param timeout text of the time limit; blank: none
     * @param retryOn classes of exceptions; none at compile time
     */
    public record Mark(String name, int version, String timeout, List<Class<?>> retryOn) {
        public Mark {
            retryOn = List.copyOf(retryOn);
        }
    }

    /**
     * A method.
     *
     * @param owner simple name of the class that declares it
     * @param name its name
     * @param mark its annotation; empty: it overrides a column method
     * @param traits its modifiers
     * @param returns what it returns
     * @param components components of the record that it returns; none if it returns no record
     * @param parameters its parameters
     * @param place its line
     * @param origin the method or its element
     */
    public record Method(
            String owner,
            String name,
            Optional<Mark> mark,
            MethodTraits traits,
            TypeShape returns,
            List<Component> components,
            List<Parameter> parameters,
            SourceLine place,
            Object origin) {

        public Method {
            components = List.copyOf(components);
            parameters = List.copyOf(parameters);
        }

        Method marked(Mark inherited) {
            return new Method(
                    owner, name, Optional.of(inherited), traits, returns, components, parameters, place, origin);
        }

        /**
         * Returns whether the method overrides another one: same name, same parameter types, neither private nor
         * static.
         */
        boolean overrides(Method other) {
            if (!name.equals(other.name) || parameters.size() != other.parameters.size()) {
                return false;
            }
            for (int i = 0; i < parameters.size(); i++) {
                if (!parameters.get(i).type().sameAs(other.parameters.get(i).type())) {
                    return false;
                }
            }
            return traits.isVirtual() && other.traits.isVirtual();
        }

        public String title() {
            return owner + "." + name;
        }
    }

    /** Modifiers of a method, whether the names of its parameters are known, and whether an interface declares it. */
    public record MethodTraits(
            boolean isPrivate, boolean isStatic, boolean isGeneric, boolean namesKnown, boolean inInterface) {
        boolean isVirtual() {
            return !isPrivate && !isStatic;
        }
    }

    /**
     * Returns the column methods. A method that overrides another takes its position, and inherits its annotation
     * unless it has one.
     */
    public List<Method> columnMethods() {
        List<Method> found = new ArrayList<>();
        for (Method method : methods) {
            int position = overridden(found, method);
            if (position < 0) {
                method.mark().ifPresent(mark -> found.add(method));
            } else if (!method.traits().inInterface()
                    || found.get(position).traits().inInterface()) {
                // As in Java, a method of a class takes precedence over that of an interface.
                Mark inherited = found.get(position).mark().orElseThrow();
                found.set(position, method.mark().isPresent() ? method : method.marked(inherited));
            }
        }
        return found;
    }

    private static int overridden(List<Method> found, Method method) {
        for (int i = 0; i < found.size(); i++) {
            if (method.overrides(found.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
