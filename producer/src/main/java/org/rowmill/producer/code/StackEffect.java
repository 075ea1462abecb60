package org.rowmill.producer.code;

import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** By how many slots instructions make the operand stack deeper. Values of type long and double have two slots. */
final class StackEffect {

    /** One letter for each opcode from NOP to MONITOREXIT: E is 0, F is 1, D is -1. */
    private static final String SIMPLE = "EFFFFFFFFGGFFFGGFFEEEFGFGF"
            + "E".repeat(20) // short forms, which ASM does not report
            + "DEDEDDDD" // array loads
            + "DCDCD" // stores
            + "E".repeat(20)
            + "BABABBBB" // array stores
            + "DCFFFGGGE" // pop to swap
            + "DCDC".repeat(5) // add to rem
            + "EEEE" // neg
            + "DDDDDD" // shifts
            + "DCDCDC" // and, or, xor
            + "E" // iinc
            + "FEFDDEEFFDEDEEE" // conversions
            + "BDDBB" // comparisons
            + "DDDDDDCCCCCCCC" // conditional jumps
            + "EFEDD" // goto to lookupswitch
            + "DCDCDE" // returns
            + "EEEEEEEEEFEEEDEEDD"; // fields to monitorexit

    private StackEffect() {}

    static int of(int opcode) {
        return opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL ? -1 : SIMPLE.charAt(opcode) - 'E';
    }

    static int ofField(int opcode, String descriptor) {
        int size = Type.getType(descriptor).getSize();
        return switch (opcode) {
            case Opcodes.GETSTATIC -> size;
            case Opcodes.PUTSTATIC -> -size;
            case Opcodes.GETFIELD -> size - 1;
            default -> -size - 1;
        };
    }

    static int ofCall(boolean hasReceiver, String descriptor) {
        int sizes = Type.getArgumentsAndReturnSizes(descriptor); // counts a receiver
        return (sizes & 3) - (sizes >> 2) + (hasReceiver ? 0 : 1);
    }

    static int ofConstant(Object value) {
        if (value instanceof ConstantDynamic dynamic) {
            return dynamic.getSize();
        }
        return value instanceof Long || value instanceof Double ? 2 : 1;
    }
}
