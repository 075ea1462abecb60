package org.rowmill.producer.dispatch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * An attempt in which at least one column failed.
 *
 * @param node where the row was computed
 * @param nanos how long the attempt took; 0 if unknown
 * @param values stored values of the columns that did not fail, by column number
 * @param failures one for each group of columns that failed; not empty
 */
record FailedAttempt(String node, long nanos, Map<Integer, @Nullable Object> values, List<Failure> failures) {

    FailedAttempt {
        failures = List.copyOf(failures);
    }

    /** Without values: the row failed as a whole. */
    static FailedAttempt of(String node, Failure failure) {
        return new FailedAttempt(node, 0, Map.of(), List.of(failure));
    }

    Failure firstFailure() {
        return failures.get(0);
    }

    boolean isRetryable() {
        return failures.stream().anyMatch(Failure::isRetryable);
    }
}
