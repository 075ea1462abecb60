package org.rowmill.schemas.protocol;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer sends to the head for each row that it received: the values and failures of an attempt, or that it
 * returns the row without computing it.
 *
 * @param table number of the table in the run, from 0
 * @param row number of the row in the run
 * @param token token of the {@link RowMessage}
 * @param attempt number of the attempt, from 1
 * @param node name of the node that received the row
 * @param nanos time in column methods, in nanoseconds; 0 for a returned row
 * @param kind whether the row was computed, or why it was not
 * @param values stored values by column number; a wanted column without a value failed, or needs one that failed; empty
 *     for a returned row
 * @param failures one for each column method that failed; empty: the row is done, or was returned
 */
public record ResultMessage(
        int table,
        long row,
        long token,
        int attempt,
        String node,
        long nanos,
        Kind kind,
        Map<Integer, @Nullable Object> values,
        List<Failure> failures) {

    public ResultMessage {
        Objects.requireNonNull(node);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(values);
        if (attempt < 1 || nanos < 0) {
            throw new IllegalArgumentException(
                    "an attempt from 1 and a time from 0 were expected, not " + attempt + " and " + nanos);
        }
        if (kind != Kind.COMPUTED && !(nanos == 0 && values.isEmpty() && failures.isEmpty())) {
            throw new IllegalArgumentException("a returned row has no time, values or failures (" + kind + ")");
        }
        failures = List.copyOf(failures);
    }

    /** Whether a row was computed, or why the consumer returns it to the head. */
    public enum Kind {
        /** The row was computed. It can have failed. */
        COMPUTED,
        /** The broker had delivered the row before, to a consumer that has ended. It may be the reason for that end. */
        REDELIVERED,
        /**
         * The row could not begin in time: it must be computed alone and others did not finish, or another row is
         * computed alone.
         */
        NOT_ALONE
    }

    /**
     * Makes the message that returns a row to the head.
     *
     * @param row the row, which was not computed
     * @param node name of the node that received the row
     * @param kind why it was not computed
     * @return a message without values and failures
     * @throws IllegalArgumentException if the kind is {@link Kind#COMPUTED}
     */
    public static ResultMessage returned(RowMessage row, String node, Kind kind) {
        if (kind == Kind.COMPUTED) {
            throw new IllegalArgumentException("a computed row is not returned");
        }
        return new ResultMessage(
                row.table(), row.row(), row.token(), row.attempt(), node, 0, kind, Map.of(), List.of());
    }

    /**
     * Returns the same result with other values and failures.
     *
     * @param otherValues stored values by column number
     * @param otherFailures one for each column method that failed
     * @return a new result
     */
    public ResultMessage with(Map<Integer, @Nullable Object> otherValues, List<Failure> otherFailures) {
        return new ResultMessage(table, row, token, attempt, node, nanos, kind, otherValues, otherFailures);
    }

    /**
     * Why columns of a row have no value.
     *
     * @param columns names of the columns, joined by commas
     * @param errorClass class name of the exception
     * @param message message of the exception, or empty
     * @param stack stack trace, without frames of Rowmill if possible
     * @param isRetryable whether another attempt can succeed, as far as the consumer and the column method know
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
