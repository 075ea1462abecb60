package org.rowmill.schemas;

import java.lang.reflect.Field;

/**
 * What the libraries inside must be told before they are loaded; the first thing that both mains do. A property that the
 * command line sets is left as it is.
 */
public final class RuntimeSettings {

    private RuntimeSettings() {}

    /** Sets the system properties, and keeps the JDK from warning the user of what only a library's author can change. */
    public static void apply() {
        set("io.netty.tryReflectionSetAccessible", "false");
        silenceUnsafe();
    }

    /**
     * From JDK 24 on, the first use of {@code sun.misc.Unsafe} by a library (Netty and JCTools use it) prints four lines
     * to standard error, unless an option of {@code java} says otherwise, which {@code java -jar} with nothing else does
     * not. The JDK remembers in a field that it has warned.
     */
    private static void silenceUnsafe() {
        try {
            Field warned = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            warned.setAccessible(true);
            warned.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return; // a JDK that has no such field does not warn, or warns in a way that we cannot know yet
        }
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
