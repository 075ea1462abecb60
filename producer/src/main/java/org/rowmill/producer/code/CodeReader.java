package org.rowmill.producer.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Reads the code of a method. */
final class CodeReader extends MethodVisitor {

    private static final int HANDLER = -1;

    private final String key;
    private final int access;
    private final Consumer<MethodCode> done;
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<Label, Integer> labels = new HashMap<>();
    private final Map<Label, List<Instruction>> handlers = new HashMap<>();
    private final List<String> annotations = new ArrayList<>();

    CodeReader(String key, int access, Consumer<MethodCode> done) {
        super(Opcodes.ASM9);
        this.key = key;
        this.access = access;
        this.done = done;
    }

    private void add(int opcode, int stack, Operand... operands) {
        instructions.add(new Instruction(opcode, List.of(operands), stack));
    }

    private static Operand plain(Object value) {
        return new Operand.Plain(value.getClass().getSimpleName() + " " + value);
    }

    @Override
    public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        return new AnnotationText(descriptor, annotations::add);
    }

    @Override
    public void visitLabel(Label label) {
        labels.put(label, instructions.size());
        instructions.addAll(handlers.getOrDefault(label, List.of()));
    }

    @Override
    public void visitInsn(int opcode) {
        add(opcode, StackEffect.of(opcode));
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        add(opcode, StackEffect.of(opcode), plain(operand));
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
        add(opcode, StackEffect.of(opcode), plain(variable));
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        add(
                opcode,
                StackEffect.of(opcode),
                opcode == Opcodes.NEW ? new Operand.Created(type) : new Operand.Types(type));
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
        boolean isRead = opcode == Opcodes.GETSTATIC || opcode == Opcodes.GETFIELD;
        add(
                opcode,
                StackEffect.ofField(opcode, descriptor),
                new Operand.Field(isStatic, isRead, owner, name + " " + descriptor));
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        Operand.Call call = switch (opcode) {
            case Opcodes.INVOKESTATIC -> Operand.Call.STATIC;
            case Opcodes.INVOKESPECIAL -> Operand.Call.SPECIAL;
            default -> Operand.Call.VIRTUAL;
        };
        add(
                opcode,
                StackEffect.ofCall(call != Operand.Call.STATIC, descriptor),
                new Operand.Method(call, owner, name + descriptor));
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
        List<Operand> operands = new ArrayList<>(List.of(plain(name), new Operand.Types(descriptor)));
        addHandle(bootstrap, operands);
        Arrays.stream(arguments).forEach(argument -> addBootstrapArgument(argument, operands));
        instructions.add(new Instruction(Opcodes.INVOKEDYNAMIC, operands, StackEffect.ofCall(false, descriptor)));
    }

    /** A type among the arguments is one of a pattern or a record, not used by reflection. */
    private static void addBootstrapArgument(Object argument, List<Operand> operands) {
        if (argument instanceof Type type) {
            operands.add(new Operand.Types(type.getDescriptor()));
        } else {
            addConstant(argument, operands);
        }
    }

    private static void addConstant(Object value, List<Operand> operands) {
        if (value instanceof Handle handle) {
            addHandle(handle, operands);
        } else if (value instanceof ConstantDynamic dynamic) {
            operands.add(plain(dynamic.getName()));
            operands.add(new Operand.Types(dynamic.getDescriptor()));
            addHandle(dynamic.getBootstrapMethod(), operands);
            for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
                addBootstrapArgument(dynamic.getBootstrapMethodArgument(i), operands);
            }
        } else if (value instanceof String text) {
            operands.add(new Operand.Text(text));
        } else if (value instanceof Type type) {
            operands.add(
                    type.getSort() == Type.OBJECT
                            ? new Operand.ClassConstant(type.getInternalName())
                            : new Operand.Types(type.getDescriptor()));
        } else {
            operands.add(plain(value));
        }
    }

    private static void addHandle(Handle handle, List<Operand> operands) {
        int tag = handle.getTag();
        operands.add(plain(tag));
        if (tag <= Opcodes.H_PUTSTATIC) {
            boolean isStatic = tag == Opcodes.H_GETSTATIC || tag == Opcodes.H_PUTSTATIC;
            boolean isRead = tag == Opcodes.H_GETFIELD || tag == Opcodes.H_GETSTATIC;
            operands.add(
                    new Operand.Field(isStatic, isRead, handle.getOwner(), handle.getName() + " " + handle.getDesc()));
            return;
        }
        if (tag == Opcodes.H_NEWINVOKESPECIAL) {
            operands.add(new Operand.Created(handle.getOwner()));
        }
        Operand.Call call = switch (tag) {
            case Opcodes.H_INVOKESTATIC -> Operand.Call.STATIC;
            case Opcodes.H_NEWINVOKESPECIAL, Opcodes.H_INVOKESPECIAL -> Operand.Call.SPECIAL;
            default -> Operand.Call.VIRTUAL;
        };
        operands.add(new Operand.Method(call, handle.getOwner(), handle.getName() + handle.getDesc()));
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
        add(opcode, StackEffect.of(opcode), new Operand.Target(label));
    }

    @Override
    public void visitLdcInsn(Object value) {
        List<Operand> operands = new ArrayList<>();
        addConstant(value, operands);
        instructions.add(new Instruction(Opcodes.LDC, operands, StackEffect.ofConstant(value)));
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
        add(Opcodes.IINC, 0, plain(variable), plain(increment));
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label other, Label... targets) {
        addSwitch(Opcodes.TABLESWITCH, min + " " + max, other, targets);
    }

    @Override
    public void visitLookupSwitchInsn(Label other, int[] keys, Label[] targets) {
        addSwitch(Opcodes.LOOKUPSWITCH, Arrays.toString(keys), other, targets);
    }

    private void addSwitch(int opcode, String keys, Label other, Label... targets) {
        List<Operand> operands = new ArrayList<>(List.of(plain(keys), new Operand.Target(other)));
        Arrays.stream(targets).map(Operand.Target::new).forEach(operands::add);
        instructions.add(new Instruction(opcode, operands, StackEffect.of(opcode)));
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        add(Opcodes.MULTIANEWARRAY, 1 - dimensions, new Operand.Types(descriptor), plain(dimensions));
    }

    /** ASM reports handlers first; they belong where their range begins. */
    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
        List<Operand> operands = List.of(
                new Operand.Types(String.valueOf(type)),
                new Operand.Target(start),
                new Operand.Target(end),
                new Operand.Target(handler));
        handlers.computeIfAbsent(start, label -> new ArrayList<>()).add(new Instruction(HANDLER, operands, 0));
    }

    @Override
    public void visitEnd() {
        done.accept(new MethodCode(key, access, instructions, labels, annotations));
    }
}
