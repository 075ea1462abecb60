package org.rowmill.schemas.model.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;
import org.rowmill.table.SharedState;

/**
 * Finds static fields that rows must not share at compile time, by their declarations. The check of class files, which
 * also knows what methods do with a field, finds more.
 */
public final class DeclaredState {

    private final ProcessingEnvironment environment;
    private final Types types;

    /**
     * Makes a check.
     *
     * @param environment the compiler
     */
    public DeclaredState(ProcessingEnvironment environment) {
        this.environment = environment;
        this.types = environment.getTypeUtils();
    }

    /**
     * Finds the fields of one class.
     *
     * @param type the class
     * @return the fields with their messages
     */
    public Map<Element, String> warnings(TypeElement type) {
        Map<Element, String> warnings = new LinkedHashMap<>();
        for (VariableElement field : ElementFilter.fieldsIn(type.getEnclosedElements())) {
            if (field.getModifiers().contains(Modifier.STATIC) && field.getAnnotation(SharedState.class) == null) {
                warning(field).ifPresent(text -> warnings.put(field, text));
            }
        }
        return warnings;
    }

    private Optional<String> warning(VariableElement field) {
        String name = field.getSimpleName().toString();
        Optional<StateKind> kind = StateKind.of(of -> isSubtype(field.asType(), of));
        if (kind.isPresent()) {
            return Optional.of(
                    kind.get().warning(name, types.erasure(field.asType()).toString()));
        }
        Set<Modifier> modifiers = field.getModifiers();
        return modifiers.contains(Modifier.FINAL) || modifiers.contains(Modifier.VOLATILE)
                ? Optional.empty()
                : Optional.of(StateKind.warning(
                        name, "it is not final, but " + Changes.PROBLEM, "Declare it final, or: " + Changes.REMEDY));
    }

    /** A library may have thread-safe subtypes, of which nothing is known. */
    private boolean isSubtype(TypeMirror type, String ofName) {
        TypeElement of = environment.getElementUtils().getTypeElement(ofName);
        return of != null
                && type instanceof DeclaredType declared
                && ((TypeElement) declared.asElement())
                        .getQualifiedName()
                        .toString()
                        .startsWith("java")
                && types.isSubtype(types.erasure(type), types.erasure(of.asType()));
    }
}
