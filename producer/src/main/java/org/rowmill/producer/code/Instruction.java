package org.rowmill.producer.code;

import java.util.List;

/**
 * An instruction without what does not change its effect: line numbers, names of variables, the constant pool.
 *
 * @param opcode its opcode; -1: a range of an exception handler
 * @param operands its operands
 * @param stack by how many slots it makes the operand stack deeper
 */
record Instruction(int opcode, List<Operand> operands, int stack) {
    Instruction {
        operands = List.copyOf(operands);
    }
}
