package org.rowmill.store;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.store.keys.IndexKey;

/**
 * A row with its newest values. The row owns its set and its array; nothing else changes them.
 *
 * @param index stored values of the index
 * @param key the key of the index
 * @param present numbers of the requested columns that have a valid value, which may be null
 * @param values values by number of the column in the schema of the store; null if the column is not present
 */
@SuppressWarnings("ArrayRecordComponent") // Made for each row that is read: a list would double the cost.
public record StoredRow(
        List<Object> index,
        IndexKey key,
        BitSet present,
        @Nullable Object[] values) {}
