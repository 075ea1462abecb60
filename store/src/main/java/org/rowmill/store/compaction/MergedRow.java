package org.rowmill.store.compaction;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.store.keys.IndexKey;

/**
 * A row that is merged from parts.
 *
 * @param index stored values of the index
 * @param key the key of the index
 * @param values values by number of the column in the schema of the store
 * @param sources for each column, the position of its part in the list of parts; -1 if no part has the column. Shared
 *     by rows: do not change it
 * @param first the position of the first part that has the row
 */
@SuppressWarnings("ArrayRecordComponent") // Made for each row that is read: a list would double the cost.
public record MergedRow(
        List<Object> index, IndexKey key, @Nullable Object[] values, int[] sources, int first) {}
