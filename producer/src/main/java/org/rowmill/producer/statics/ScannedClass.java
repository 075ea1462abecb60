package org.rowmill.producer.statics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.rowmill.table.SharedState;

/** What a class file says about static fields. Used by one thread. */
final class ScannedClass extends ClassVisitor {

    private static final int CLASS_CONSTANT = 7;

    final Map<String, StaticField> fields = new LinkedHashMap<>();
    final Set<String> shared = new HashSet<>();
    final Map<String, MethodUses> methods = new LinkedHashMap<>();
    final List<String> supertypes = new ArrayList<>();
    String name = "";
    String file = "";

    private ScannedClass() {
        super(Opcodes.ASM9);
    }

    static ScannedClass of(ClassReader reader) {
        ScannedClass scanned = new ScannedClass();
        reader.accept(scanned, ClassReader.EXPAND_FRAMES);
        return scanned;
    }

    /** Returns the internal names of all classes that a class file names. */
    static List<String> references(ClassReader reader) {
        List<String> names = new ArrayList<>();
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            int item = reader.getItem(i);
            if (item > 0 && reader.readByte(item - 1) == CLASS_CONSTANT) {
                names.add(reader.readUTF8(item, buffer));
            }
        }
        return names;
    }

    /** Returns the line where a field is assigned first, by the class initializer if it does; 0 if unknown. */
    int line(String field) {
        return initialization(field)
                .or(() -> methods.values().stream()
                        .flatMap(method -> method.assignments.stream())
                        .filter(assignment -> assignment.field().equals(field))
                        .findFirst())
                .map(MethodUses.Assignment::line)
                .orElse(0);
    }

    /** Returns how the class initializer assigns a field; empty: it does not, or the compiler has inlined a constant. */
    Optional<MethodUses.Assignment> initialization(String field) {
        return methods.values().stream()
                .filter(MethodUses::isInitializer)
                .flatMap(method -> method.assignments.stream())
                .filter(assignment -> assignment.field().equals(field))
                .findFirst();
    }

    @Override
    public void visit(
            int version,
            int access,
            String internalName,
            @Nullable String signature,
            @Nullable String superName,
            String @Nullable [] interfaces) {
        name = internalName;
        if (superName != null) {
            supertypes.add(superName);
        }
        if (interfaces != null) {
            supertypes.addAll(List.of(interfaces));
        }
    }

    @Override
    public void visitSource(@Nullable String source, @Nullable String debug) {
        file = source == null ? "" : source;
    }

    @Override
    public @Nullable FieldVisitor visitField(
            int access, String field, String descriptor, @Nullable String signature, @Nullable Object value) {
        if ((access & Opcodes.ACC_STATIC) == 0) {
            return null;
        }
        fields.put(field, new StaticField(name, field, descriptor, access));
        return new FieldVisitor(Opcodes.ASM9) {
            @Override
            public @Nullable AnnotationVisitor visitAnnotation(String annotation, boolean isVisible) {
                if (annotation.equals(Type.getDescriptor(SharedState.class))) {
                    shared.add(field);
                }
                return null;
            }
        };
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String descriptor, @Nullable String signature, String @Nullable [] thrown) {
        MethodUses uses = new MethodUses(name, method, (access & Opcodes.ACC_SYNCHRONIZED) != 0);
        methods.put(name + "." + method + descriptor, uses);
        return new MethodScan(uses, access, method, descriptor);
    }
}
