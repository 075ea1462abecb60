package org.rowmill.producer.code;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/**
 * Splits an initializer into the statements that initialize different fields. A column that reads one field does not
 * depend on what the other fields of the class are set to.
 */
final class InitializerSlices {

    private InitializerSlices() {}

    /**
     * Some instructions of a method.
     *
     * @param from position of the first one
     * @param to position after the last one
     * @param fields fields of the class that they set; empty: they do something else
     */
    record Slice(int from, int to, Set<String> fields) {
        Slice {
            fields = Set.copyOf(fields);
        }
    }

    /**
     * Splits the code where the operand stack is empty, where no jump passes, and where no local variable is in use. If
     * the depth of the stack is not understood, the code is one slice.
     *
     * @param owner the class of the method
     * @param code an initializer
     */
    static List<Slice> of(String owner, MethodCode code) {
        int count = code.instructions().size();
        boolean[] splits = new boolean[count + 1];
        if (!findEmptyStack(code, splits)) {
            return List.of(slice(owner, code, 0, count));
        }
        forbidInside(spansOfJumps(code), splits);
        forbidInside(spansOfVariables(code), splits);
        List<Slice> slices = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= count; i++) {
            if (splits[i] || i == count) {
                slices.add(slice(owner, code, from, i));
                from = i;
            }
        }
        return slices;
    }

    private static Slice slice(String owner, MethodCode code, int from, int to) {
        Set<String> fields = new LinkedHashSet<>();
        for (Instruction instruction : code.instructions().subList(from, to)) {
            for (Operand operand : instruction.operands()) {
                if (operand instanceof Operand.Field field
                        && !field.isRead()
                        && field.owner().equals(owner)) {
                    fields.add(field.key());
                }
            }
        }
        return new Slice(from, to, fields);
    }

    /** Sets where the stack is empty; returns false if its depth is not understood. */
    private static boolean findEmptyStack(MethodCode code, boolean[] splits) {
        Map<Integer, Integer> known = new HashMap<>();
        int depth = 0;
        for (int i = 0; i < code.instructions().size(); i++) {
            depth = known.getOrDefault(i, depth);
            splits[i] = depth == 0;
            Instruction instruction = code.instructions().get(i);
            depth += instruction.stack();
            if (depth < 0) {
                return false;
            }
            boolean isHandler = instruction.opcode() < 0;
            List<Integer> targets = targets(code, instruction);
            for (int target : isHandler ? targets.subList(2, targets.size()) : targets) {
                known.putIfAbsent(target, isHandler ? 1 : depth);
            }
            if (neverContinues(instruction.opcode())) {
                depth = 0;
            }
        }
        return true;
    }

    private static boolean neverContinues(int opcode) {
        return opcode == Opcodes.GOTO
                || opcode == Opcodes.ATHROW
                || opcode == Opcodes.TABLESWITCH
                || opcode == Opcodes.LOOKUPSWITCH;
    }

    private static List<Integer> targets(MethodCode code, Instruction instruction) {
        List<Integer> targets = new ArrayList<>();
        for (Operand operand : instruction.operands()) {
            if (operand instanceof Operand.Target target) {
                Label label = target.label();
                targets.add(code.position(label));
            }
        }
        return targets;
    }

    private static List<int[]> spansOfJumps(MethodCode code) {
        List<int[]> spans = new ArrayList<>();
        for (int i = 0; i < code.instructions().size(); i++) {
            int first = i;
            int last = i + 1;
            for (int target : targets(code, code.instructions().get(i))) {
                first = Math.min(first, target);
                last = Math.max(last, target);
            }
            spans.add(new int[] {first, last});
        }
        return spans;
    }

    private static List<int[]> spansOfVariables(MethodCode code) {
        Map<String, int[]> spans = new HashMap<>();
        String receiver = code.isConstructor() ? "Integer 0" : "";
        for (int i = 0; i < code.instructions().size(); i++) {
            Instruction instruction = code.instructions().get(i);
            int opcode = instruction.opcode();
            boolean isVariable = (opcode >= Opcodes.ILOAD && opcode <= Opcodes.ALOAD)
                    || (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE)
                    || opcode == Opcodes.IINC;
            if (isVariable && instruction.operands().get(0) instanceof Operand.Plain variable) {
                int position = i;
                if (!variable.text().equals(receiver)) {
                    spans.computeIfAbsent(variable.text(), name -> new int[] {position, position})[1] = position + 1;
                }
            }
        }
        return List.copyOf(spans.values());
    }

    private static void forbidInside(List<int[]> spans, boolean[] splits) {
        for (int[] span : spans) {
            for (int i = span[0] + 1; i < span[1]; i++) {
                splits[i] = false;
            }
        }
    }
}
