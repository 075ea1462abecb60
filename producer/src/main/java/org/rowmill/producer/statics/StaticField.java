package org.rowmill.producer.statics;

import org.objectweb.asm.Opcodes;

/**
 * A static field of a project's class.
 *
 * @param owner internal name of its class
 * @param name its name
 * @param descriptor its declared type
 * @param access its modifiers
 */
record StaticField(String owner, String name, String descriptor, int access) {

    String key() {
        return owner + "." + name;
    }

    boolean isVolatile() {
        return (access & Opcodes.ACC_VOLATILE) != 0;
    }

    /** Returns whether javac made the field, for example for a switch over an enum. */
    boolean isSynthetic() {
        return (access & Opcodes.ACC_SYNTHETIC) != 0;
    }
}
