package org.rowmill.store.failed;

import java.util.List;
import java.util.Objects;

/**
 * A row that failed.
 *
 * @param index stored values of the index
 * @param columns names of the columns that failed, joined by commas
 * @param errorClass name of the exception's class
 * @param message its message, or empty
 * @param stack its stack trace
 * @param node name of the node it failed on
 * @param attempts how often it was tried
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
