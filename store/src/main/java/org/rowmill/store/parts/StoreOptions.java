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
 */
public record StoreOptions(boolean ignoreBrokenParts, Set<String> recompute, String run, String codeHash) {
    public StoreOptions {
        recompute = Set.copyOf(recompute);
        Objects.requireNonNull(codeHash);
        if (!run.matches("[a-z0-9]+")) {
            throw new IllegalArgumentException("run: lower-case letters and digits were expected, not \"" + run + "\"");
        }
    }
}
