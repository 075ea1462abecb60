package org.rowmill.store.failed;

import java.util.List;
import java.util.Objects;

/**
 * A failed row.
 *
 * @param index stored values of the index
 * @param columns names of the columns that failed, joined by commas
 * @param errorClass name of the exception's class
 * @param message message of the exception; may be empty
 * @param stack stack trace of the exception
 * @param node name of the node on which the row failed
 * @param attempts number of attempts
 */
public record FailedRow(
        List<Object> index,
        String columns,
        String errorClass,
        String message,
        String stack,
        String node,
        int attempts) {
    public FailedRow {
        index = List.copyOf(index);
        Objects.requireNonNull(columns);
        Objects.requireNonNull(errorClass);
        Objects.requireNonNull(message);
        Objects.requireNonNull(stack);
        Objects.requireNonNull(node);
    }
}
