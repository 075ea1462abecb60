package org.rowmill.producer.nodes;

import java.util.HashSet;
import java.util.Set;

/** Remembers which internal errors of consumers the run has warned of. Thread-safe. */
public final class InternalErrors {

    /** A reason may contain something that is new each time; and a hostile node must not fill the terminal. */
    static final int MAX_REASONS = 10;

    private final Set<String> reasons = new HashSet<>();

    /** Returns whether to warn of this reason: true once, for the first different reasons. */
    synchronized boolean isNew(String reason) {
        return reasons.size() < MAX_REASONS && reasons.add(reason);
    }
}
