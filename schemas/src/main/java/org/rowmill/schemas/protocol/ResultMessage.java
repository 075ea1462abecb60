package org.rowmill.schemas.protocol;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer sends to the head after an attempt at a row.
 *
 * @param table number of the table in the run, from 0
 * @param row number of the row in the run
 * @param token token of the {@link RowMessage}
 * @param attempt number of the attempt, from 1
 * @param node name of the node that computed the row
 * @param nanos time in column methods, in nanoseconds
 * @param values stored values by column number; a wanted column without a value failed, or needs one that failed
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
                    "an attempt from 1 and a time from 0 were expected, not " + attempt + " and " + nanos);
        }
        failures = List.copyOf(failures);
    }

    /**
     * Why columns of a row have no value.
     *
     * @param columns names of the columns, joined by commas
     * @param errorClass class name of the exception
     * @param message message of the exception, or empty
     * @param stack stack trace, without frames of Rowmill if possible
     * @param isRetryable whether the column method declares that another attempt can succeed
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
