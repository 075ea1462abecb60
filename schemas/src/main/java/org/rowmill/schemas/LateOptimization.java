package org.rowmill.schemas;

import java.util.List;

/**
 * JVM options with which the optimizing compiler (C2) compiles a method only if it is called eight times as often as by
 * default. In a run of a few seconds, C2 would take more CPU time from the rows than it saves, and in a long run it
 * still compiles what matters. The figures are in {@code docs/performance.md}.
 */
public final class LateOptimization {

    private LateOptimization() {}

    /**
     * Returns the options, which every HotSpot JVM from version 17 has.
     *
     * @return options of {@code java}
     */
    public static List<String> options() {
        return List.of(
                "-XX:Tier4InvocationThreshold=40000",
                "-XX:Tier4MinInvocationThreshold=4800",
                "-XX:Tier4CompileThreshold=120000",
                "-XX:Tier4BackEdgeThreshold=320000");
    }
}
