package org.rowmill.producer.plan;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.store.keys.IndexKey;

/**
 * A row with missing columns.
 *
 * @param index stored values of its index
 * @param key hash of the index
 * @param columns numbers of the columns to compute; empty: all
 * @param known stored values that these columns need, by column number
 * @param failedBefore whether it failed in an earlier run
 * @param isStored whether it has stored values, valid or not
 */
public record PlannedRow(
        List<Object> index,
        IndexKey key,
        List<Integer> columns,
        Map<Integer, @Nullable Object> known,
        boolean failedBefore,
        boolean isStored) {

    /** Makes a row of which nothing is stored. */
    public PlannedRow(
            List<Object> index,
            IndexKey key,
            List<Integer> columns,
            Map<Integer, @Nullable Object> known,
            boolean failedBefore) {
        this(index, key, columns, known, failedBefore, false);
    }
}
