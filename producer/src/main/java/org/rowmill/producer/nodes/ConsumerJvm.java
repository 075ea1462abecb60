package org.rowmill.producer.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.TimeZone;

/** The JVM options of consumers. */
final class ConsumerJvm {

    /**
     * Of the memory of the computer or the control group. The rest is for external programs, for files, and for the
     * head.
     */
    private static final int HEAP_PERCENT = 60;

    private static final int UNSAFE_WARNINGS_SINCE = 23;

    private ConsumerJvm() {}

    /**
     * Returns the options. Language and time zone are those of the head: a value must not depend on the node.
     *
     * @param version feature version of the JVM
     * @param memoryPerSlot bytes of heap that a row needs; empty: unknown
     */
    static List<String> options(int version, OptionalLong memoryPerSlot) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:MaxRAMPercentage=" + HEAP_PERCENT,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseParallelGC",
                "-XX:-UsePerfData",
                "-Dfile.encoding=UTF-8",
                "-Duser.language=" + Locale.getDefault().getLanguage(),
                "-Duser.script=" + Locale.getDefault().getScript(),
                "-Duser.country=" + Locale.getDefault().getCountry(),
                "-Duser.variant=" + Locale.getDefault().getVariant(),
                "-Duser.timezone=" + TimeZone.getDefault().getID()));
        memoryPerSlot.ifPresent(bytes -> options.add("-Drowmill.memoryPerSlot=" + bytes));
        if (version >= UNSAFE_WARNINGS_SINCE) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }
}
