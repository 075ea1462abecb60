package org.rowmill.producer.code;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Label;

/**
 * The code of a method.
 *
 * @param key name and descriptor
 * @param access its modifiers
 * @param instructions its instructions and exception handlers
 * @param labels positions of labels among the instructions
 * @param annotations its annotations, as text
 */
record MethodCode(
        String key, int access, List<Instruction> instructions, Map<Label, Integer> labels, List<String> annotations) {

    MethodCode {
        instructions = List.copyOf(instructions);
        labels = new HashMap<>(labels);
        annotations = List.copyOf(annotations);
    }

    boolean has(int modifier) {
        return (access & modifier) != 0;
    }

    boolean isConstructor() {
        return key.startsWith("<init>");
    }

    /** Returns the position of a label. */
    int position(Label label) {
        return labels.getOrDefault(label, -1);
    }
}
