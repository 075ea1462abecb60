package org.rowmill.schemas;

/**
 * What the libraries inside must be told before they are loaded; the first thing that both mains do. A property that the
 * command line sets is left as it is.
 */
public final class RuntimeSettings {

    /** From here on the JDK warns on the terminal when a library uses {@code sun.misc.Unsafe}. */
    private static final int UNSAFE_WARNS_SINCE = 23;

    private RuntimeSettings() {}

    /** Sets the system properties. */
    public static void apply() {
        if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
            set("io.netty.noUnsafe", "true"); // not before: Netty's direct buffers are freed later without it
        }
        set("io.netty.tryReflectionSetAccessible", "false");
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
