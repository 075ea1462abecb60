package org.rowmill.schemas.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import org.rowmill.schemas.model.shape.MirroredTable;
import org.rowmill.schemas.model.state.DeclaredState;

/**
 * Annotation processor that reports the faults of table classes at compile time, with the same messages as
 * {@link TableModel#of}, and warns of static state that rows share. It runs if its jar is on the processor path (until JDK 22 also on the class path).
 */
@SupportedAnnotationTypes("*")
public final class ColumnProcessor extends AbstractProcessor {

    private final Set<Element> compiled = new HashSet<>();
    private final Set<TypeElement> warned = new HashSet<>();

    /** For the compiler. */
    public ColumnProcessor() {}

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        TypeElement root = processingEnv.getElementUtils().getTypeElement("org.rowmill.table.Table");
        if (root == null) {
            return false;
        }
        List<TypeElement> types = new ArrayList<>();
        withNested(ElementFilter.typesIn(round.getRootElements()), types);
        compiled.addAll(types);
        types.stream().filter(type -> isTable(type, root)).forEach(type -> check(type, root));
        return false;
    }

    private static void withNested(Iterable<TypeElement> types, List<TypeElement> all) {
        for (TypeElement type : types) {
            all.add(type);
            withNested(ElementFilter.typesIn(type.getEnclosedElements()), all);
        }
    }

    /** Returns whether to check a class. An abstract class is checked with its subclasses. */
    private boolean isTable(TypeElement type, TypeElement root) {
        Types types = processingEnv.getTypeUtils();
        return !type.getModifiers().contains(Modifier.ABSTRACT)
                && types.isSubtype(types.erasure(type.asType()), types.erasure(root.asType()));
    }

    private void check(TypeElement type, TypeElement root) {
        TableCheck check = new TableCheck(new MirroredTable(processingEnv, root, type).shape());
        check.layout();
        for (Fault fault : check.faults()) {
            processingEnv
                    .getMessager()
                    .printMessage(Diagnostic.Kind.ERROR, fault.message(), place((Element) fault.origin(), type));
        }
        warn(type);
    }

    /** Warns of static state in a table, its nested classes and its superclasses. */
    private void warn(TypeElement table) {
        List<TypeElement> parts = new ArrayList<>();
        withNested(List.of(table), parts);
        TypeElement parent = table;
        while (parent.getSuperclass() instanceof DeclaredType declared
                && compiled.contains(declared.asElement())
                && declared.asElement() instanceof TypeElement next) {
            parts.add(next);
            parent = next;
        }
        DeclaredState state = new DeclaredState(processingEnv);
        parts.stream()
                .filter(warned::add)
                .forEach(part -> state.warnings(part)
                        .forEach((field, text) ->
                                processingEnv.getMessager().printMessage(Diagnostic.Kind.WARNING, text, field)));
    }

    /**
     * Returns where to report a fault: at the table if a library declares the faulty element, which then has no line.
     */
    private Element place(Element origin, TypeElement table) {
        for (Element element = origin; element != null; element = element.getEnclosingElement()) {
            if (compiled.contains(element)) {
                return origin;
            }
        }
        return table;
    }
}
