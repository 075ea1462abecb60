package org.rowmill.producer.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.rowmill.schemas.LateOptimization;
import org.rowmill.schemas.world.World;

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
     * Returns the options.
     *
     * @param version feature version of the JVM
     * @param memoryPerSlot bytes of heap that a row needs; empty: unknown
     * @param world what the consumer finds around it
     */
    static List<String> options(int version, OptionalLong memoryPerSlot, World world) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:MaxRAMPercentage=" + HEAP_PERCENT,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseParallelGC",
                "-XX:-UsePerfData"));
        options.addAll(LateOptimization.options());
        options.addAll(world.javaOptions());
        memoryPerSlot.ifPresent(bytes -> options.add("-Drowmill.memoryPerSlot=" + bytes));
        if (version >= UNSAFE_WARNINGS_SINCE) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }
}
