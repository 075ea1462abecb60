package org.rowmill.schemas.protocol;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Consumer to head: what became of a row.
 *
 * @param table number of the table in the run, from 0
 * @param row number of the row in the run
 * @param token that of the row's message
 * @param attempt which attempt it was, from 1
 * @param node name of the node that computed it
 * @param nanos time spent in column methods, nanoseconds
 * @param values stored values by column number; a wanted column that is not in it failed or needs one that failed
 * @param failures one for each column method that failed; empty: the row is done
 */
public record ResultMessage(
        int table,
        long row,
        long token,
        int attempt,
        String node,
        long nanos,
        Map<Integer, @Nullable Object> values,
        List<Failure> failures) {

    public ResultMessage {
        Objects.requireNonNull(node);
        Objects.requireNonNull(values);
        if (attempt < 1 || nanos < 0) {
            throw new IllegalArgumentException(
                    "an attempt from 1 and a time were expected, not " + attempt + " and " + nanos);
        }
        failures = List.copyOf(failures);
    }

    /**
     * Why columns of a row are missing.
     *
     * @param columns names of the columns that failed, joined by commas
     * @param errorClass name of the exception's class
     * @param message its message, or empty
     * @param stack its stack trace, user frames only where they can be told
     * @param isRetryable whether another attempt may help, as the columns' author says
     */
    public record Failure(String columns, String errorClass, String message, String stack, boolean isRetryable) {
        public Failure {
            Objects.requireNonNull(columns);
            Objects.requireNonNull(errorClass);
            Objects.requireNonNull(message);
            Objects.requireNonNull(stack);
        }
    }
}
