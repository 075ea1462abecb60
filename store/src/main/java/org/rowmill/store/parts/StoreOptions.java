package org.rowmill.store.parts;

import java.util.Objects;
import java.util.Set;

/**
 * How a run opens a table.
 *
 * @param ignoreBrokenParts whether to skip parts that cannot be read
 * @param recompute names of the columns to compute again, including the columns that need them
 * @param run id of the run: lower-case letters and digits
 * @param codeHash hash of the project code, stored in the footers
 * @param changedCode what to do with values that other code computed
 */
public record StoreOptions(
        boolean ignoreBrokenParts, Set<String> recompute, String run, String codeHash, ChangedCode changedCode) {
    public StoreOptions {
        recompute = Set.copyOf(recompute);
        Objects.requireNonNull(codeHash);
        Objects.requireNonNull(changedCode);
        if (!run.matches("[a-z0-9]+")) {
            throw new IllegalArgumentException("run: lower-case letters and digits were expected, not \"" + run + "\"");
        }
    }

    /** Makes options that keep values that other code computed, with a warning. */
    public StoreOptions(boolean ignoreBrokenParts, Set<String> recompute, String run, String codeHash) {
        this(ignoreBrokenParts, recompute, run, codeHash, ChangedCode.WARN);
    }
}
