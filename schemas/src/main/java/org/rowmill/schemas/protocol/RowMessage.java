package org.rowmill.schemas.protocol;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Head to consumer: compute a row. Immutable.
 *
 * @param table number of the table in the run, from 0
 * @param row number of the row in the run, from 0
 * @param token what its result must give back: shows that whoever sends the result was given the row
 * @param attempt first attempt this message stands for, 1 or more; each redelivery is one more
 * @param index stored values of the index
 * @param columns numbers of the columns wanted; empty: all
 * @param known stored values, by column number, of columns that need not be computed
 */
public record RowMessage(
        int table,
        long row,
        long token,
        int attempt,
        List<Object> index,
        List<Integer> columns,
        Map<Integer, @Nullable Object> known) {

    public RowMessage {
        Objects.requireNonNull(index);
        Objects.requireNonNull(columns);
        Objects.requireNonNull(known);
    }
}
