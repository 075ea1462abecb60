package org.rowmill.store.parts;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a run opens a table.
 *
 * @param ignoreBrokenParts whether to skip parts that cannot be read
 * @param recompute names of the columns to compute again, including the columns that need them
 * @param limit the rows for which to compute them again
 * @param run id of the run: lower-case letters and digits
 * @param codeHash hash of the project code, stored in the footers
 * @param changedCode what to do with values that other code computed
 */
public record StoreOptions(
        boolean ignoreBrokenParts,
        Set<String> recompute,
        Limit limit,
        String run,
        String codeHash,
        ChangedCode changedCode) {
    public StoreOptions {
        recompute = Set.copyOf(recompute);
        Objects.requireNonNull(codeHash);
        Objects.requireNonNull(changedCode);
        if (!run.matches("[a-z0-9]+")) {
            throw new IllegalArgumentException("run: lower-case letters and digits were expected, not \"" + run + "\"");
        }
    }

    /** Makes options that compute columns again for all rows, and keep values that other code computed, with a warning. */
    public StoreOptions(boolean ignoreBrokenParts, Set<String> recompute, String run, String codeHash) {
        this(ignoreBrokenParts, recompute, Limit.NONE, run, codeHash, ChangedCode.WARN);
    }

    /**
     * The rows to which a request to compute columns again is limited.
     *
     * @param only the text of the only index; empty: all
     * @param first how many rows of {@code index()}, from the first one; empty: all
     */
    public record Limit(Optional<String> only, OptionalLong first) {

        /** All rows. */
        public static final Limit NONE = new Limit(Optional.empty(), OptionalLong.empty());

        /** Whether all rows are meant. */
        public boolean isNone() {
            return only.isEmpty() && first.isEmpty();
        }
    }
}
