package org.rowmill.schemas.model.state;

import java.util.Set;

/** What changes objects that rows can share as long as nobody changes them. */
public final class Changes {

    /** What to do about a static field that is assigned or whose content is changed while rows are computed. */
    public static final String REMEDY = "Use a local variable, an instance field or another column; for a cache, use a"
            + " ConcurrentHashMap with values that depend on the key only";

    /** What is wrong with such a field. */
    public static final String PROBLEM =
            "threads share it without synchronization, and each process has its own: values"
                    + " can depend on the rows that were computed before";

    /** Types whose content can change, and whose methods are not synchronized. */
    public static final Set<String> CONTAINERS = Set.of(
            "java.util.Collection",
            "java.util.Map",
            "java.util.BitSet",
            "java.util.Date",
            "java.util.IntSummaryStatistics",
            "java.util.LongSummaryStatistics",
            "java.util.DoubleSummaryStatistics");

    /** Subtypes of these that threads can share. */
    public static final Set<String> SAFE_CONTAINERS = Set.of(
            "java.util.concurrent.ConcurrentMap",
            "java.util.concurrent.ConcurrentHashMap$KeySetView",
            "java.util.concurrent.BlockingQueue",
            "java.util.concurrent.ConcurrentLinkedQueue",
            "java.util.concurrent.ConcurrentLinkedDeque",
            "java.util.concurrent.ConcurrentSkipListSet",
            "java.util.concurrent.CopyOnWriteArrayList",
            "java.util.concurrent.CopyOnWriteArraySet",
            "java.util.Vector",
            "java.util.Hashtable");

    private static final Set<String> PREFIXES = Set.of(
            "put", "add", "remove", "set", "offer", "poll", "push", "pop", "replace", "compute", "retain", "drain");

    private static final Set<String> METHODS =
            Set.of("clear", "merge", "sort", "flip", "and", "or", "xor", "andNot", "accept", "combine");

    /** Methods that write to an array that they receive. */
    private static final Set<String> ARRAY_WRITERS = Set.of(
            "fill",
            "sort",
            "parallelSort",
            "setAll",
            "parallelSetAll",
            "parallelPrefix",
            "nextBytes",
            "inflate",
            "deflate");

    private Changes() {}

    /**
     * Returns whether a method of a container changes it.
     *
     * @param method name of the method
     * @return false for methods that only read
     */
    public static boolean isChange(String method) {
        return METHODS.contains(method) || PREFIXES.stream().anyMatch(method::startsWith);
    }

    /**
     * Returns whether a method writes to an array that it receives.
     *
     * @param method name of the method
     * @param owner its class
     * @return false for methods that only read
     */
    public static boolean writesArray(String owner, String method) {
        return ARRAY_WRITERS.contains(method) || (owner.startsWith("java.io.") && method.startsWith("read"));
    }
}
