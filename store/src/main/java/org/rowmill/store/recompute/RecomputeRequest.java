package org.rowmill.store.recompute;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.rowmill.store.parts.StoreOptions;

/**
 * A request to compute columns again that is not finished.
 *
 * @param generation its number; values that follow it carry this or a higher one
 * @param columns names of the columns, with the columns that need them
 * @param limit the rows
 * @param run id of the run that received it
 * @param since when
 */
public record RecomputeRequest(
        int generation, Set<String> columns, StoreOptions.Limit limit, String run, Instant since) {
    public RecomputeRequest {
        columns = Set.copyOf(columns);
    }

    /**
     * Whether a row is meant.
     *
     * @param index the text of its index
     * @param number its number in {@code index()}, from 0
     */
    public boolean contains(String index, long number) {
        return limit.only().map(index::equals).orElse(true)
                && (limit.first().isEmpty() || number < limit.first().getAsLong());
    }

    /** Describes the request for messages. */
    public String text() {
        return String.join(", ", new TreeSet<>(columns))
                + limit.only().map(only -> " of row " + only).orElse("")
                + (limit.first().isPresent() ? " of the first " + limit.first().getAsLong() + " rows" : "")
                + " (requested by run " + run + ", " + since + ")";
    }
}
