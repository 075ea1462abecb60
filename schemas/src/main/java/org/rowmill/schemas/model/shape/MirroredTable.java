package org.rowmill.schemas.model.shape;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;
import org.rowmill.table.Column;
import org.rowmill.table.IndexName;

/** Reads a table class at compile time into a {@link TableShape}. */
public final class MirroredTable {

    /** The compiler reports faults at elements, which have their lines. */
    private static final SourceLine NOWHERE = new SourceLine("", 0);

    private final Types types;
    private final TypeElement root;
    private final TypeElement table;
    private final DeclaredType type;
    private final Set<TypeElement> chain = new LinkedHashSet<>();

    /**
     * Makes a reader of one class.
     *
     * @param environment the compiler
     * @param root {@code org.rowmill.table.Table}
     * @param table the table class
     */
    public MirroredTable(ProcessingEnvironment environment, TypeElement root, TypeElement table) {
        this.types = environment.getTypeUtils();
        this.root = root;
        this.table = table;
        this.type = (DeclaredType) table.asType();
        collect(type);
    }

    public TableShape shape() {
        TypeMirror index = indexType(type).orElseThrow();
        TypeShape shape = shape(index);
        return new TableShape(
                table.getSimpleName().toString(),
                traits(),
                shape,
                shape.kind() == TypeShape.Kind.RECORD ? components(index) : List.of(),
                Optional.ofNullable(table.getAnnotation(IndexName.class)).map(IndexName::value),
                methods(),
                NOWHERE,
                table);
    }

    /** Finds the argument of {@code Table<I>}; the type variable I if the class extends Table without an argument. */
    private Optional<TypeMirror> indexType(TypeMirror of) {
        if (of instanceof DeclaredType declared && declared.asElement().equals(root)) {
            return Optional.of(
                    declared.getTypeArguments().isEmpty()
                            ? root.getTypeParameters().get(0).asType()
                            : declared.getTypeArguments().get(0));
        }
        return types.directSupertypes(of).stream()
                .flatMap(parent -> indexType(parent).stream())
                .findFirst();
    }

    /** Collects the class, after its superclasses and interfaces, each once. */
    private void collect(DeclaredType of) {
        TypeElement element = (TypeElement) of.asElement();
        if (element.equals(root) || element.getQualifiedName().contentEquals("java.lang.Object")) {
            return;
        }
        if (element.getSuperclass() instanceof DeclaredType parent) {
            collect(parent);
        }
        for (TypeMirror face : element.getInterfaces()) {
            if (face instanceof DeclaredType declared) {
                collect(declared);
            }
        }
        chain.add(element);
    }

    private TableShape.Traits traits() {
        Set<Modifier> modifiers = table.getModifiers();
        boolean hasConstructor = ElementFilter.constructorsIn(table.getEnclosedElements()).stream()
                .anyMatch(constructor -> constructor.getParameters().isEmpty()
                        && constructor.getModifiers().contains(Modifier.PUBLIC));
        return new TableShape.Traits(
                true,
                modifiers.contains(Modifier.PUBLIC),
                modifiers.contains(Modifier.ABSTRACT),
                table.getNestingKind() != NestingKind.TOP_LEVEL && !modifiers.contains(Modifier.STATIC),
                hasConstructor);
    }

    private List<TableShape.Method> methods() {
        Set<String> names = chain.stream()
                .flatMap(element -> ElementFilter.methodsIn(element.getEnclosedElements()).stream())
                .filter(method -> method.getAnnotation(Column.class) != null)
                .map(method -> method.getSimpleName().toString())
                .collect(Collectors.toSet());
        List<TableShape.Method> shapes = new ArrayList<>();
        for (TypeElement element : chain) {
            ElementFilter.methodsIn(element.getEnclosedElements()).stream()
                    .filter(method -> names.contains(method.getSimpleName().toString()))
                    .forEach(method -> shapes.add(shape(element, method)));
        }
        return shapes;
    }

    private TableShape.Method shape(TypeElement owner, ExecutableElement method) {
        Set<Modifier> modifiers = method.getModifiers();
        ExecutableType resolved = (ExecutableType) types.asMemberOf(type, method);
        TypeShape returns = shape(resolved.getReturnType());
        return new TableShape.Method(
                owner.getSimpleName().toString(),
                method.getSimpleName().toString(),
                Optional.ofNullable(method.getAnnotation(Column.class))
                        .map(mark -> new TableShape.Mark(mark.name(), mark.version(), mark.timeout(), List.of())),
                new TableShape.MethodTraits(
                        modifiers.contains(Modifier.PRIVATE),
                        modifiers.contains(Modifier.STATIC),
                        !method.getTypeParameters().isEmpty(),
                        namesKnown(method),
                        owner.getKind().isInterface()),
                returns,
                spread(returns, resolved.getReturnType()),
                parameters(method, resolved),
                NOWHERE,
                method);
    }

    /** Returns whether names are known. The compiler invents arg0, arg1, … if the class file has none. */
    private static boolean namesKnown(ExecutableElement method) {
        List<? extends VariableElement> parameters = method.getParameters();
        for (int i = 0; i < parameters.size(); i++) {
            if (!parameters.get(i).getSimpleName().contentEquals("arg" + i)) {
                return true;
            }
        }
        return parameters.isEmpty();
    }

    private static List<TableShape.Parameter> parameters(ExecutableElement method, ExecutableType resolved) {
        List<TableShape.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < method.getParameters().size(); i++) {
            VariableElement parameter = method.getParameters().get(i);
            parameters.add(new TableShape.Parameter(
                    parameter.getSimpleName().toString(),
                    shape(resolved.getParameterTypes().get(i)),
                    parameter));
        }
        return parameters;
    }

    private List<TableShape.Component> spread(TypeShape shape, TypeMirror returns) {
        if (shape.kind() == TypeShape.Kind.RECORD) {
            return components(returns);
        }
        return shape.isOptionalRecord()
                ? components(((DeclaredType) returns).getTypeArguments().get(0))
                : List.of();
    }

    private List<TableShape.Component> components(TypeMirror record) {
        DeclaredType declared = (DeclaredType) record;
        List<TableShape.Component> components = new ArrayList<>();
        for (RecordComponentElement component : ((TypeElement) declared.asElement()).getRecordComponents()) {
            ExecutableType accessor = (ExecutableType) types.asMemberOf(declared, component.getAccessor());
            components.add(
                    new TableShape.Component(component.getSimpleName().toString(), shape(accessor.getReturnType())));
        }
        return components;
    }

    private static TypeShape shape(TypeMirror mirror) {
        return switch (mirror.getKind()) {
            case VOID -> shape(TypeShape.Kind.VOID, "void");
            case BOOLEAN, BYTE, SHORT, INT, LONG, CHAR, FLOAT, DOUBLE ->
                shape(TypeShape.Kind.PRIMITIVE, mirror.getKind().name().toLowerCase(Locale.ROOT));
            case ARRAY ->
                new TypeShape(TypeShape.Kind.ARRAY, "", List.of(shape(((ArrayType) mirror).getComponentType())), null);
            case DECLARED -> declared((DeclaredType) mirror);
            case TYPEVAR ->
                shape(TypeShape.Kind.VARIABLE, variable(mirror).getSimpleName().toString());
            case WILDCARD -> shape(TypeShape.Kind.WILDCARD, "?");
            default -> shape(TypeShape.Kind.BROKEN, mirror.toString());
        };
    }

    private static Element variable(TypeMirror mirror) {
        return ((TypeVariable) mirror).asElement();
    }

    private static TypeShape declared(DeclaredType type) {
        TypeElement element = (TypeElement) type.asElement();
        TypeShape.Kind kind = element.getKind() == ElementKind.ENUM
                ? TypeShape.Kind.ENUM
                : element.getKind() == ElementKind.RECORD ? TypeShape.Kind.RECORD : TypeShape.Kind.CLASS;
        List<TypeShape> arguments =
                type.getTypeArguments().stream().map(MirroredTable::shape).toList();
        return new TypeShape(kind, element.getQualifiedName().toString(), arguments, null);
    }

    private static TypeShape shape(TypeShape.Kind kind, String name) {
        return new TypeShape(kind, name, List.of(), null);
    }
}
