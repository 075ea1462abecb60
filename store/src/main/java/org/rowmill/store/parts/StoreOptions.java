package org.rowmill.store.parts;

import java.util.Objects;
import java.util.Set;

/**
 * How a run opens a table's directory.
 *
 * @param ignoreBrokenParts go on without the parts that cannot be read
 * @param recompute names of the columns whose stored values no longer count; those that need them included
 * @param run the run's id, lower-case letters and digits
 * @param codeHash hash of the project's code, kept in the footers
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
