package org.rowmill.producer.code;

import java.util.function.Consumer;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.Opcodes;

/** Writes an annotation as text. */
final class AnnotationText extends AnnotationVisitor {

    private final StringBuilder text;
    private final Consumer<String> done;

    AnnotationText(String descriptor, Consumer<String> done) {
        this(new StringBuilder(descriptor).append('('), done);
    }

    private AnnotationText(StringBuilder text, Consumer<String> done) {
        super(Opcodes.ASM9);
        this.text = text;
        this.done = done;
    }

    private StringBuilder named(String name) {
        return text.append(name).append('=');
    }

    @Override
    public void visit(String name, Object value) {
        named(name).append(value).append(';');
    }

    @Override
    public void visitEnum(String name, String descriptor, String value) {
        named(name).append(value).append(';');
    }

    @Override
    public AnnotationVisitor visitAnnotation(String name, String descriptor) {
        named(name).append(descriptor).append('(');
        return new AnnotationText(text, all -> {});
    }

    @Override
    public AnnotationVisitor visitArray(String name) {
        named(name).append('[');
        return new AnnotationText(text, all -> {});
    }

    @Override
    public void visitEnd() {
        done.accept(text.append(')').toString());
    }
}
