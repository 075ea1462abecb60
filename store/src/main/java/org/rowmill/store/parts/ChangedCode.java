package org.rowmill.store.parts;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What to do with stored values if the code of their column has changed since they were computed.
 *
 * @param policy what to do
 * @param needs the columns that each column needs, directly or not
 */
public record ChangedCode(Policy policy, Map<String, Set<String>> needs) {

    /** Keeps values, and warns. */
    public static final ChangedCode WARN = new ChangedCode(Policy.WARN, Map.of());

    /** What to do. */
    public enum Policy {
        /** Keep the values, and warn. */
        WARN,
        /** Compute them again, and the columns that need them. */
        RECOMPUTE,
        /** Reject the run before it starts. */
        REFUSE
    }

    public ChangedCode {
        Objects.requireNonNull(policy);
        needs = Map.copyOf(needs);
    }

    /** Whether a column needs one of some columns. */
    boolean needsAny(String column, Set<String> columns) {
        return needs.getOrDefault(column, Set.of()).stream().anyMatch(columns::contains);
    }
}
