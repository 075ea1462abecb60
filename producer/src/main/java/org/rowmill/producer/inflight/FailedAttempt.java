package org.rowmill.producer.inflight;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * An attempt in which at least one column failed.
 *
 * @param node where the row was computed
 * @param nanos how long the attempt took; 0 if unknown
 * @param values stored values of the columns that did not fail, by column number
 * @param failures one for each group of columns that failed; not empty
 */
public record FailedAttempt(String node, long nanos, Map<Integer, @Nullable Object> values, List<Failure> failures) {

    public FailedAttempt {
        failures = List.copyOf(failures);
    }

    /** Without values: the row failed as a whole. */
    static FailedAttempt of(String node, Failure failure) {
        return new FailedAttempt(node, 0, Map.of(), List.of(failure));
    }

    /** Returns the attempt whose result this is. The result has failures. */
    static FailedAttempt of(ResultMessage result) {
        return new FailedAttempt(result.node(), result.nanos(), result.values(), result.failures());
    }

    /** Returns the failure that represents the attempt in messages. */
    public Failure firstFailure() {
        return failures.get(0);
    }

    boolean isRetryable() {
        return failures.stream().anyMatch(Failure::isRetryable);
    }
}
