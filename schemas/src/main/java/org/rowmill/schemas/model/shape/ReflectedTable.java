package org.rowmill.schemas.model.shape;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rowmill.table.Column;
import org.rowmill.table.IndexName;
import org.rowmill.table.Table;

/** Reads a loaded table class and its class files into a {@link TableShape}. */
public final class ReflectedTable {

    private final Class<?> table;
    private final Set<Class<?>> chain = new LinkedHashSet<>();
    private final Map<TypeVariable<?>, Type> variables = new HashMap<>();
    private final Map<Class<?>, ClassCode> codes = new HashMap<>();

    public ReflectedTable(Class<?> table) {
        this.table = table;
        collect(table);
    }

    public TableShape shape() {
        TypeShape index = shape(Table.class.getTypeParameters()[0], variables);
        return new TableShape(
                table.getSimpleName(),
                traits(),
                index,
                index.kind() == TypeShape.Kind.RECORD ? components(index) : List.of(),
                Optional.ofNullable(table.getAnnotation(IndexName.class)).map(IndexName::value),
                methods(),
                code(table).place(),
                table);
    }

    /** Returns a hash of the code of a column method. */
    public String codeHash(Method method) {
        return code(method.getDeclaringClass()).hash(key(method));
    }

    /** Collects the class, after its superclasses and interfaces, each once. */
    private void collect(@Nullable Class<?> type) {
        if (type == null || type == Object.class || type == Table.class) {
            return;
        }
        collect(type.getSuperclass());
        bind(type.getGenericSuperclass());
        for (Class<?> face : type.getInterfaces()) {
            collect(face);
        }
        Arrays.stream(type.getGenericInterfaces()).forEach(this::bind);
        chain.add(type);
    }

    private void bind(@Nullable Type parent) {
        if (parent instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            variables.putAll(bindings(raw, generic.getActualTypeArguments()));
        }
    }

    private static Map<TypeVariable<?>, Type> bindings(Class<?> raw, Type[] arguments) {
        Map<TypeVariable<?>, Type> bindings = new HashMap<>();
        TypeVariable<?>[] parameters = raw.getTypeParameters();
        for (int i = 0; i < parameters.length && i < arguments.length; i++) {
            bindings.put(parameters[i], arguments[i]);
        }
        return bindings;
    }

    private TableShape.Traits traits() {
        int modifiers = table.getModifiers();
        boolean isInner = table.isLocalClass()
                || table.isAnonymousClass()
                || (table.isMemberClass() && !Modifier.isStatic(modifiers));
        boolean hasConstructor =
                Arrays.stream(table.getConstructors()).anyMatch(constructor -> constructor.getParameterCount() == 0);
        return new TableShape.Traits(
                Table.class.isAssignableFrom(table),
                Modifier.isPublic(modifiers),
                Modifier.isAbstract(modifiers),
                isInner,
                hasConstructor);
    }

    private List<TableShape.Method> methods() {
        Set<String> names = chain.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Column.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
        List<TableShape.Method> shapes = new ArrayList<>();
        for (Class<?> type : chain) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> names.contains(method.getName()) && !method.isBridge() && !method.isSynthetic())
                    .sorted(Comparator.comparingInt(method -> code(type).order(key(method))))
                    .forEach(method -> shapes.add(shape(method)));
        }
        return shapes;
    }

    private TableShape.Method shape(Method method) {
        Class<?> owner = method.getDeclaringClass();
        int modifiers = method.getModifiers();
        Parameter[] parameters = method.getParameters();
        TypeShape returns = shape(method.getGenericReturnType(), variables);
        return new TableShape.Method(
                owner.getSimpleName(),
                method.getName(),
                Optional.ofNullable(method.getAnnotation(Column.class))
                        .map(mark -> new TableShape.Mark(
                                mark.name(), mark.version(), mark.timeout(), List.of(mark.retryOn()))),
                new TableShape.MethodTraits(
                        Modifier.isPrivate(modifiers),
                        Modifier.isStatic(modifiers),
                        method.getTypeParameters().length > 0,
                        Arrays.stream(parameters).allMatch(Parameter::isNamePresent),
                        owner.isInterface()),
                returns,
                spread(returns),
                Arrays.stream(parameters).map(this::shape).toList(),
                code(owner).place(key(method)),
                method);
    }

    private TableShape.Parameter shape(Parameter parameter) {
        return new TableShape.Parameter(
                parameter.getName(), shape(parameter.getParameterizedType(), variables), parameter);
    }

    private List<TableShape.Component> spread(TypeShape returns) {
        if (returns.kind() == TypeShape.Kind.RECORD) {
            return components(returns);
        }
        return returns.isOptionalRecord() ? components(returns.arguments().get(0)) : List.of();
    }

    /** Returns the components of a record, with the arguments of its shape in place of its type variables. */
    private List<TableShape.Component> components(TypeShape shape) {
        Class<?> type = shape.runtime();
        List<TableShape.Component> components = new ArrayList<>();
        if (type != null) {
            for (RecordComponent component : type.getRecordComponents()) {
                components.add(new TableShape.Component(component.getName(), component(component, shape)));
            }
        }
        return components;
    }

    private TypeShape component(RecordComponent component, TypeShape owner) {
        List<TypeVariable<?>> parameters =
                List.of(component.getDeclaringRecord().getTypeParameters());
        return substitute(shape(component.getGenericType(), Map.of()), parameters, owner.arguments());
    }

    private static TypeShape substitute(TypeShape shape, List<TypeVariable<?>> parameters, List<TypeShape> arguments) {
        if (shape.kind() == TypeShape.Kind.VARIABLE) {
            for (int i = 0; i < parameters.size() && i < arguments.size(); i++) {
                if (parameters.get(i).getName().equals(shape.name())) {
                    return arguments.get(i);
                }
            }
        }
        List<TypeShape> inner = shape.arguments().stream()
                .map(argument -> substitute(argument, parameters, arguments))
                .toList();
        return new TypeShape(shape.kind(), shape.name(), inner, shape.runtime());
    }

    private static TypeShape shape(Type type, Map<TypeVariable<?>, Type> variables) {
        if (type instanceof Class<?> plain) {
            return plain.isArray() ? array(shape(plain.getComponentType(), variables)) : plain(plain, List.of());
        }
        if (type instanceof ParameterizedType generic) {
            List<TypeShape> arguments = Arrays.stream(generic.getActualTypeArguments())
                    .map(argument -> shape(argument, variables))
                    .toList();
            return plain((Class<?>) generic.getRawType(), arguments);
        }
        if (type instanceof GenericArrayType array) {
            return array(shape(array.getGenericComponentType(), variables));
        }
        if (type instanceof TypeVariable<?> variable) {
            Type bound = variables.get(variable);
            return bound == null
                    ? new TypeShape(TypeShape.Kind.VARIABLE, variable.getName(), List.of(), null)
                    : shape(bound, variables);
        }
        return new TypeShape(TypeShape.Kind.WILDCARD, "?", List.of(), null);
    }

    private static TypeShape plain(Class<?> type, List<TypeShape> arguments) {
        String name = type.getCanonicalName() == null ? type.getName() : type.getCanonicalName();
        return new TypeShape(kind(type), name, arguments, type);
    }

    private static TypeShape.Kind kind(Class<?> type) {
        if (type == void.class) {
            return TypeShape.Kind.VOID;
        }
        if (type.isPrimitive()) {
            return TypeShape.Kind.PRIMITIVE;
        }
        if (type.isEnum()) {
            return TypeShape.Kind.ENUM;
        }
        return type.isRecord() ? TypeShape.Kind.RECORD : TypeShape.Kind.CLASS;
    }

    private static TypeShape array(TypeShape component) {
        return new TypeShape(TypeShape.Kind.ARRAY, "", List.of(component), null);
    }

    private ClassCode code(Class<?> type) {
        return codes.computeIfAbsent(type, ClassCode::of);
    }

    private static String key(Method method) {
        return method.getName() + org.objectweb.asm.Type.getMethodDescriptor(method);
    }
}
