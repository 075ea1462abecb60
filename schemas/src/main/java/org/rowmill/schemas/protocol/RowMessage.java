package org.rowmill.schemas.protocol;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row that the head sends to a consumer to compute. Immutable.
 *
 * @param table number of the table in the run, from 0
 * @param row number of the row in the run, from 0
 * @param token the result must contain it, to show that its sender received the row
 * @param attempt number of the attempt, from 1
 * @param alone whether no other row may be computed in the process at the same time
 * @param index stored values of the index
 * @param columns numbers of the columns to compute; empty: all
 * @param known stored values, by column number, that are not computed again
 */
public record RowMessage(
        int table,
        long row,
        long token,
        int attempt,
        boolean alone,
        List<Object> index,
        List<Integer> columns,
        Map<Integer, @Nullable Object> known) {

    public RowMessage {
        Objects.requireNonNull(index);
        Objects.requireNonNull(columns);
        Objects.requireNonNull(known);
    }
}
