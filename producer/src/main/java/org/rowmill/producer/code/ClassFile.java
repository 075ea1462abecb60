package org.rowmill.producer.code;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.rowmill.schemas.model.shape.ClassFiles;

/** A class of the project or of a library. Immutable after it was read. */
final class ClassFile {

    private final boolean isOwn;
    private final Map<String, MethodCode> methods = new LinkedHashMap<>();
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> annotations = new ArrayList<>();
    private String name = "";
    private @Nullable String parent;
    private List<String> interfaces = List.of();

    private ClassFile(boolean isOwn) {
        this.isOwn = isOwn;
    }

    /**
     * Reads a class file.
     *
     * @param bytes its content; the version is lowered if this version of ASM does not know it
     * @param isOwn whether it belongs to the project itself, not to a library
     */
    static ClassFile read(byte[] bytes, boolean isOwn) {
        ClassFile file = new ClassFile(isOwn);
        ClassFiles.reader(bytes).accept(file.new Reader(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return file;
    }

    boolean isOwn() {
        return isOwn;
    }

    /** Returns the name with slashes. */
    String name() {
        return name;
    }

    /** Returns the superclass and the interfaces. */
    List<String> parents() {
        List<String> all = new ArrayList<>();
        if (parent != null) {
            all.add(parent);
        }
        all.addAll(interfaces);
        return all;
    }

    /** Returns the method with a name and descriptor that the class itself declares. */
    @Nullable
    MethodCode method(String key) {
        return methods.get(key);
    }

    List<MethodCode> methods() {
        return List.copyOf(methods.values());
    }

    boolean declares(String field) {
        return fields.containsKey(field);
    }

    /** Returns the constant of a field, and its annotations. */
    String field(String key) {
        return fields.getOrDefault(key, "");
    }

    List<String> fields() {
        return List.copyOf(fields.keySet());
    }

    List<String> annotations() {
        return List.copyOf(annotations);
    }

    private final class Reader extends ClassVisitor {
        Reader() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version, int access, String className, String signature, String superName, String[] faces) {
            name = className;
            parent = superName;
            interfaces = faces == null ? List.of() : List.of(faces);
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return new AnnotationText(descriptor, annotations::add);
        }

        @Override
        public FieldVisitor visitField(int access, String field, String descriptor, String signature, Object value) {
            String key = field + " " + descriptor;
            fields.put(key, value == null ? "" : value.toString());
            return new FieldVisitor(Opcodes.ASM9) {
                @Override
                public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                    return new AnnotationText(type, text -> fields.merge(key, text, String::concat));
                }
            };
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] thrown) {
            return new CodeReader(method + descriptor, access, code -> methods.put(code.key(), code));
        }
    }
}
