package org.rowmill.producer.statics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.rowmill.producer.statics.MethodUses.How;
import org.rowmill.schemas.model.state.Changes;

/**
 * Reads the instructions of a method. The entries of the simulated stack that came from a static field are marked by
 * the identity of the object that stands for their type.
 */
final class MethodScan extends AnalyzerAdapter {

    private final MethodUses result;
    private final IdentityHashMap<Object, MethodUses.Use> origins = new IdentityHashMap<>();
    private final Map<Label, List<Object>> stacks = new HashMap<>();
    private @Nullable Label label;
    private String producer = "";
    private int line;

    MethodScan(MethodUses result, int access, String name, String descriptor) {
        super(Opcodes.ASM9, result.owner, access, name, descriptor, null);
        this.result = result;
    }

    @Override
    public void visitLineNumber(int number, Label start) {
        line = number;
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        if (opcode == Opcodes.PUTSTATIC) {
            String type = fromTop(0) instanceof String known ? known : "";
            result.assignments.add(new MethodUses.Assignment(owner, name, type, producer, line));
            result.uses.add(new MethodUses.Use(owner, name, How.ASSIGN));
        }
        super.visitFieldInsn(opcode, owner, name, descriptor);
        if (opcode == Opcodes.GETSTATIC) {
            MethodUses.Use use = new MethodUses.Use(owner, name, How.READ);
            result.uses.add(use);
            mark(use);
        }
        producer = "";
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        result.calls.add(owner + "." + name + descriptor);
        int depth = 0;
        Type[] arguments = Type.getArgumentTypes(descriptor);
        for (int i = arguments.length - 1; i >= 0; i--) {
            if (Changes.writesArray(owner.replace('/', '.'), name)) {
                change(fromTop(depth));
            }
            depth += arguments[i].getSize();
        }
        if (opcode != Opcodes.INVOKESTATIC && Changes.isChange(name)) {
            change(fromTop(depth));
        } else if (owner.equals("java/lang/System") && name.equals("arraycopy")) {
            change(fromTop(2)); // the third argument of five is the destination
        }
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        producer = owner + "." + name;
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
        for (Object argument : arguments) {
            if (argument instanceof Handle handle) { // a lambda, or a method reference such as CACHE::add
                result.calls.add(handle.getOwner() + "." + handle.getName() + handle.getDesc());
                if (Changes.isChange(handle.getName()) && Type.getArgumentTypes(descriptor).length == 1) {
                    change(fromTop(0));
                }
            }
        }
        super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode == Opcodes.MONITORENTER) {
            result.isSynchronized = true;
        } else if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
            boolean isWide = opcode == Opcodes.LASTORE || opcode == Opcodes.DASTORE;
            change(fromTop(isWide ? 3 : 2));
        }
        MethodUses.Use array = opcode == Opcodes.AALOAD ? origins.get(fromTop(1)) : null;
        super.visitInsn(opcode);
        if (array != null) { // an array in the array of a field
            mark(array);
        }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        MethodUses.Use cast = opcode == Opcodes.CHECKCAST ? origins.get(fromTop(0)) : null;
        super.visitTypeInsn(opcode, type);
        if (cast != null) {
            mark(cast);
        }
    }

    @Override
    public void visitJumpInsn(int opcode, Label target) {
        List<Object> before = stack == null ? List.of() : new ArrayList<>(stack);
        super.visitJumpInsn(opcode, target);
        stacks.putIfAbsent(target, stack == null ? before : new ArrayList<>(stack));
    }

    @Override
    public void visitLabel(Label next) {
        super.visitLabel(next);
        label = next;
    }

    /** Keeps the marks: a frame brings objects of its own for the same types. */
    @Override
    public void visitFrame(
            int type, int localCount, Object @Nullable [] local, int stackCount, Object @Nullable [] entries) {
        List<Object> before = stack != null ? new ArrayList<>(stack) : stacks.getOrDefault(label, List.of());
        super.visitFrame(type, localCount, local, stackCount, entries);
        for (int i = 0; i < stack.size() && before.size() == stack.size(); i++) {
            if (origins.containsKey(before.get(i))) {
                stack.set(i, before.get(i));
            }
        }
    }

    private void mark(MethodUses.Use use) {
        if (stack != null && !stack.isEmpty() && fromTop(0) instanceof String type) {
            String marked = new String(type.toCharArray()); // an identity of its own
            origins.put(marked, use);
            stack.set(stack.size() - 1, marked);
        }
    }

    private void change(@Nullable Object entry) {
        MethodUses.Use use = origins.get(entry);
        if (use != null) {
            result.uses.add(new MethodUses.Use(use.owner(), use.field(), How.CHANGE));
        }
    }

    private @Nullable Object fromTop(int depth) {
        return stack == null || stack.size() <= depth ? null : stack.get(stack.size() - 1 - depth);
    }
}
