package org.rowmill.store;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.store.keys.IndexKey;

/**
 * A row as it stands in the table, newest values. The row owns its set and array; nothing else changes them.
 *
 * @param index stored values of the index
 * @param key the index's key
 * @param present numbers of the columns that were asked for and have a value that counts (it may be null)
 * @param values by number in the store's schema; null where not present
 */
@SuppressWarnings("ArrayRecordComponent") // One for each row that is read: lists would cost as much again.
public record StoredRow(
        List<Object> index,
        IndexKey key,
        BitSet present,
        @Nullable Object[] values) {}
