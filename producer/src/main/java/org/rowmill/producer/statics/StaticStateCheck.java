package org.rowmill.producer.statics;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;
import org.rowmill.producer.statics.MethodUses.Assignment;
import org.rowmill.producer.statics.MethodUses.How;
import org.rowmill.schemas.model.shape.ClassFiles;
import org.rowmill.schemas.model.state.Changes;
import org.rowmill.schemas.model.state.StateKind;

/**
 * Finds static fields whose state rows share, in table classes and in the classes of the project that these reach. A
 * field counts only if code that rows can execute uses it: not only the initializer of its class, {@code index} and
 * {@code report}. A lookup table that its initializer fills is therefore no finding. Used by one thread.
 */
public final class StaticStateCheck {

    /** Factories of the JDK whose containers threads can share. */
    private static final String SYNCHRONIZED = "java/util/Collections.synchronized";

    private final ClassLoader loader;
    private final Set<String> own;
    private final Map<String, ScannedClass> scanned = new LinkedHashMap<>();

    /**
     * Creates a check.
     *
     * @param loader loads the classes of the project
     * @param own names of the project's own classes
     */
    public StaticStateCheck(ClassLoader loader, Set<String> own) {
        this.loader = loader;
        this.own = Set.copyOf(own);
    }

    /**
     * Returns one warning for each field.
     *
     * @param tables the table classes
     * @return messages, each with file and line, sorted
     * @throws IOException if a class file cannot be read
     */
    public List<String> warnings(List<Class<?>> tables) throws IOException {
        scan(tables);
        Roles roles = new Roles(
                scanned.values(), tables.stream().map(Type::getInternalName).toList());
        Map<String, List<FieldUse>> uses = uses(roles);
        Set<String> warnings = new TreeSet<>();
        for (ScannedClass type : scanned.values()) {
            for (StaticField field : type.fields.values()) {
                if (!field.isSynthetic() && !type.shared.contains(field.name())) {
                    problem(type, field, uses.getOrDefault(field.key(), List.of()))
                            .ifPresent(text -> warnings.add(place(type, field) + text));
                }
            }
        }
        return List.copyOf(warnings);
    }

    /**
     * A use outside of initializers.
     *
     * @param method the method that contains it
     * @param how how the field is used
     * @param isOnHead whether only {@code index} or {@code report} execute it
     */
    private record FieldUse(MethodUses method, How how, boolean isOnHead) {}

    private void scan(List<Class<?>> tables) throws IOException {
        Deque<String> waiting = new ArrayDeque<>();
        tables.forEach(table -> waiting.add(Type.getInternalName(table)));
        while (!waiting.isEmpty()) {
            String name = waiting.remove();
            if (scanned.containsKey(name) || !own.contains(name.replace('/', '.'))) {
                continue;
            }
            try (InputStream in = loader.getResourceAsStream(name + ".class")) {
                if (in != null) {
                    ClassReader reader = ClassFiles.reader(in.readAllBytes());
                    scanned.put(name, ScannedClass.of(reader));
                    waiting.addAll(ScannedClass.references(reader));
                }
            }
        }
    }

    private Map<String, List<FieldUse>> uses(Roles roles) {
        Map<String, List<FieldUse>> uses = new LinkedHashMap<>();
        for (ScannedClass type : scanned.values()) {
            type.methods.forEach((key, method) -> {
                if (!roles.isInitializer(key)) {
                    for (MethodUses.Use use : method.uses) {
                        uses.computeIfAbsent(declaring(use) + "." + use.field(), field -> new ArrayList<>())
                                .add(new FieldUse(method, use.how(), roles.isOnHead(key)));
                    }
                }
            });
        }
        return uses;
    }

    /** Returns the class that declares a field: an instruction can name a subclass. */
    private String declaring(MethodUses.Use use) {
        Deque<String> types = new ArrayDeque<>(List.of(use.owner()));
        while (!types.isEmpty()) {
            ScannedClass type = scanned.get(types.remove());
            if (type != null) {
                if (type.fields.containsKey(use.field())) {
                    return type.name;
                }
                types.addAll(type.supertypes);
            }
        }
        return use.owner();
    }

    private Optional<String> problem(ScannedClass type, StaticField field, List<FieldUse> uses) {
        if (uses.stream().allMatch(FieldUse::isOnHead) || uses.stream().allMatch(use -> use.method().isSynchronized)) {
            return Optional.empty();
        }
        Optional<FieldUse> assigned = first(uses, How.ASSIGN);
        if (assigned.isPresent() && !field.isVolatile()) {
            return Optional.of(changed(field, "it is assigned in ", assigned.get()));
        }
        Optional<Assignment> initial = type.initialization(field.name());
        String actual =
                initial.map(Assignment::type).filter(known -> !known.isEmpty()).orElse(declared(field));
        Optional<StateKind> kind = StateKind.of(name -> isSubtype(actual, name) || isSubtype(declared(field), name));
        if (kind.isPresent()) {
            return Optional.of(kind.get().warning(field.name(), actual.replace('/', '.')));
        }
        boolean isSafe =
                initial.filter(from -> from.producer().startsWith(SYNCHRONIZED)).isPresent();
        return first(uses, How.CHANGE)
                .filter(use -> !isSafe && isContainer(actual))
                .map(use -> changed(field, "its content is changed in ", use));
    }

    private static Optional<FieldUse> first(List<FieldUse> uses, How how) {
        return uses.stream().filter(use -> use.how() == how).findFirst();
    }

    private static String changed(StaticField field, String what, FieldUse use) {
        String method = use.method().name.replaceFirst("^lambda\\$(.+)\\$\\d+$", "$1");
        String owner = use.method().owner.replaceFirst(".*/", "");
        String name = method.equals("<init>") ? "the constructor of " + owner : owner + "." + method;
        return StateKind.warning(field.name(), what + name + ", but " + Changes.PROBLEM, Changes.REMEDY);
    }

    private boolean isContainer(String type) {
        return type.startsWith("[")
                || (Changes.CONTAINERS.stream().anyMatch(name -> isSubtype(type, name))
                        && Changes.SAFE_CONTAINERS.stream().noneMatch(name -> isSubtype(type, name)));
    }

    private static String declared(StaticField field) {
        return Type.getType(field.descriptor()).getInternalName();
    }

    /**
     * Returns whether a class of the JDK or the project is a subtype of a class of the JDK. A library may have
     * thread-safe subtypes, of which nothing is known.
     */
    private boolean isSubtype(String internalName, String ofName) {
        if (internalName.startsWith("[") || internalName.length() == 1) {
            return false;
        }
        Class<?> type = load(internalName.replace('/', '.'));
        Class<?> of = load(ofName);
        return type != null
                && of != null
                && of.isAssignableFrom(type)
                && (own.contains(type.getName()) || type.getName().startsWith("java"));
    }

    private @Nullable Class<?> load(String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    private static String place(ScannedClass type, StaticField field) {
        int line = type.line(field.name());
        String file = type.file.isEmpty() ? type.name : type.file;
        return file + (line > 0 ? ":" + line : "") + ": ";
    }
}
