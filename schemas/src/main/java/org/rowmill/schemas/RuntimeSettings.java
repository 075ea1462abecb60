package org.rowmill.schemas;

import java.lang.reflect.Field;

/**
 * System properties for libraries. Each {@code main} sets them before it loads a library. Properties from the command
 * line have precedence.
 */
public final class RuntimeSettings {

    private RuntimeSettings() {}

    /**
     * Sets the properties, and prevents warnings of the JDK that only the author of a library can fix.
     */
    public static void apply() {
        set("io.netty.tryReflectionSetAccessible", "false");
        silenceUnsafe();
    }

    /**
     * Since JDK 24, the first use of {@code sun.misc.Unsafe} (by Netty and JCTools) prints four lines to standard
     * error, unless an option of {@code java} prevents it. The JDK has a field that says whether it has warned.
     */
    private static void silenceUnsafe() {
        try {
            Field warned = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            warned.setAccessible(true);
            warned.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return; // a JDK without this field does not warn, or warns in another way
        }
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
