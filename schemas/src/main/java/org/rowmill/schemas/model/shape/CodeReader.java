package org.rowmill.schemas.model.shape;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Turns the instructions of a method into tokens, which do not depend on line numbers and names of variables. */
abstract class CodeReader extends MethodVisitor {

    /**
     * A token: the call of a method of the same class.
     *
     * @param key name and descriptor of the method
     */
    record Call(String key) {}

    private final String owner;
    private final List<Object> tokens;
    private final Map<Label, Integer> positions;

    CodeReader(String owner, List<Object> tokens, Map<Label, Integer> positions) {
        super(Opcodes.ASM9);
        this.owner = owner;
        this.tokens = tokens;
        this.positions = positions;
    }

    @Override
    public void visitLabel(Label label) {
        positions.put(label, tokens.size());
    }

    @Override
    public void visitInsn(int opcode) {
        tokens.add(opcode);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        tokens.add(opcode + " " + operand);
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        tokens.add(opcode + " " + variable);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        tokens.add(opcode + " " + type);
    }

    @Override
    public void visitFieldInsn(int opcode, String of, String name, String descriptor) {
        tokens.add(opcode + " " + of + "." + name + descriptor);
    }

    @Override
    public void visitMethodInsn(int opcode, String of, String name, String descriptor, boolean isInterface) {
        tokens.add(opcode);
        addMethod(of, name + descriptor);
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
        tokens.add("dynamic " + name + descriptor + bootstrap);
        for (Object argument : arguments) {
            if (argument instanceof Handle handle) {
                tokens.add(handle.getTag());
                addMethod(handle.getOwner(), handle.getName() + handle.getDesc());
            } else {
                tokens.add(argument);
            }
        }
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        tokens.add(opcode);
        tokens.add(label);
    }

    @Override
    public void visitLdcInsn(Object value) {
        tokens.add(value);
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        tokens.add("inc " + variable + " " + increment);
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label other, Label... labels) {
        tokens.add("table " + min + " " + max);
        tokens.add(other);
        tokens.addAll(List.of(labels));
    }

    @Override
    public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
        tokens.add("lookup " + Arrays.toString(keys));
        tokens.add(other);
        tokens.addAll(List.of(labels));
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        tokens.add("array " + descriptor + dimensions);
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
        tokens.add("try " + type);
        tokens.addAll(List.of(start, end, handler));
    }

    private void addMethod(String of, String key) {
        tokens.add(of.equals(owner) ? new Call(key) : of + "." + key);
    }
}
