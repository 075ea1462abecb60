package org.rowmill.schemas.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a table class declares, as both {@link ReflectedTable} and {@link MirroredTable} read it, so that
 * {@link TableCheck} tells the same faults at run time and in an editor.
 *
 * @param name simple name of the class
 * @param traits what it is and is not
 * @param index its index type; a variable where the class leaves it open
 * @param indexComponents components of a record index
 * @param indexName value of {@code @IndexName}
 * @param methods column methods and their overriders, superclasses and interfaces first, each class in source order
 * @param place where the class stands
 * @param origin the class or element itself
 */
record TableShape(
        String name,
        Traits traits,
        TypeShape index,
        List<Component> indexComponents,
        Optional<String> indexName,
        List<Method> methods,
        SourceLine place,
        Object origin) {

    TableShape {
        indexComponents = List.copyOf(indexComponents);
        methods = List.copyOf(methods);
    }

    /** Properties of a table class that decide whether Rowmill can make an instance. */
    record Traits(boolean isTable, boolean isPublic, boolean isAbstract, boolean isInner, boolean hasConstructor) {}

    /**
     * A component of a record.
     *
     * @param name its name
     * @param type its type
     */
    record Component(String name, TypeShape type) {}

    /**
     * A parameter.
     *
     * @param name its name
     * @param type its type
     * @param origin the parameter itself
     */
    record Parameter(String name, TypeShape type, Object origin) {}

    /**
     * The annotation of a column method.
     *
     * @param name blank: the method's
     * @param version as written
     * @param timeout as written; blank: none
     * @param retryOn as written; none where it is read from source
     */
    record Mark(String name, int version, String timeout, List<Class<?>> retryOn) {
        Mark {
            retryOn = List.copyOf(retryOn);
        }
    }

    /**
     * A method.
     *
     * @param owner simple name of the class that declares it
     * @param name its name
     * @param mark its annotation; an overrider may lack it
     * @param traits its modifiers
     * @param returns what it returns
     * @param components components of the record it returns, if it does
     * @param parameters its parameters
     * @param place where it stands
     * @param origin the method itself
     */
    record Method(
            String owner,
            String name,
            Optional<Mark> mark,
            MethodTraits traits,
            TypeShape returns,
            List<Component> components,
            List<Parameter> parameters,
            SourceLine place,
            Object origin) {

        Method {
            components = List.copyOf(components);
            parameters = List.copyOf(parameters);
        }

        Method marked(Mark inherited) {
            return new Method(
                    owner, name, Optional.of(inherited), traits, returns, components, parameters, place, origin);
        }

        /** Whether it has the name and parameter types of another, and can override. */
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

        String title() {
            return owner + "." + name;
        }
    }

    /** Modifiers of a method; whether its parameters' names are known; whether an interface declares it. */
    record MethodTraits(
            boolean isPrivate, boolean isStatic, boolean isGeneric, boolean namesKnown, boolean inInterface) {
        boolean isVirtual() {
            return !isPrivate && !isStatic;
        }
    }

    /** The column methods: an overrider stands in the place of what it overrides, and keeps its annotation unless it has one. */
    List<Method> columnMethods() {
        List<Method> found = new ArrayList<>();
        for (Method method : methods) {
            int place = overridden(found, method);
            if (place < 0) {
                method.mark().ifPresent(mark -> found.add(method));
            } else if (!method.traits().inInterface()
                    || found.get(place).traits().inInterface()) {
                // Else a class's method beats an interface's, as in Java.
                Mark inherited = found.get(place).mark().orElseThrow();
                found.set(place, method.mark().isPresent() ? method : method.marked(inherited));
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
