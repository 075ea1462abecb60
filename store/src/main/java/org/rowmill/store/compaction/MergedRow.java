package org.rowmill.store.compaction;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.store.keys.IndexKey;

/**
 * A row put together from parts.
 *
 * @param index stored values of the index
 * @param key the index's key
 * @param values by number in the store's schema
 * @param sources for each column the place, in the list of parts, of the part it came from; -1: from none. Shared
 *     between rows, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // One for each row that is read: lists would cost as much again.
public record MergedRow(
        List<Object> index, IndexKey key, @Nullable Object[] values, int[] sources) {}
