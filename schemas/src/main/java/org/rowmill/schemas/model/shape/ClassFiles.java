package org.rowmill.schemas.model.shape;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/** Reads class files of any Java. */
public final class ClassFiles {

    /** Where a class file has the lower byte of its major version. */
    private static final int MAJOR_VERSION = 7;

    private ClassFiles() {}

    /**
     * Returns a reader. Lowers the version of a class file that is newer than this version of ASM: the format has not
     * changed for years.
     *
     * @param file content of a class file; it is changed
     * @return a reader of it
     */
    public static ClassReader reader(byte[] file) {
        if (file.length > MAJOR_VERSION && Byte.toUnsignedInt(file[MAJOR_VERSION]) > Opcodes.V26) {
            file[MAJOR_VERSION] = Opcodes.V26;
        }
        return new ClassReader(file);
    }
}
