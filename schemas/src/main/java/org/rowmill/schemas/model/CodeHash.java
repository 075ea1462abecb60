package org.rowmill.schemas.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Identifies the code that computes a column. Immutable.
 *
 * @param method hash of the instructions of the method and of what it calls in its own class, hexadecimal; the only
 *     hash that tables of version 0.1 have
 * @param reachable hash of all code that the method and the columns that it needs can reach, in the project and in its
 *     libraries; empty: unknown
 * @param files hashes of the files of the project that this code names, by path relative to the project, sorted
 */
public record CodeHash(String method, String reachable, Map<String, String> files) {

    /** No code. */
    public static final CodeHash NONE = ofMethod("");

    public CodeHash {
        Objects.requireNonNull(method);
        Objects.requireNonNull(reachable);
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /**
     * Makes the hash of a method alone.
     *
     * @param method hash of the method
     * @return the hash; what the method reaches is unknown
     */
    public static CodeHash ofMethod(String method) {
        return new CodeHash(method, "", Map.of());
    }

    /**
     * Compares this hash, that of the current class, with the hash of stored values. If one of them does not know what
     * the method reaches, only the method is compared.
     *
     * @param stored hash of the code that computed the stored values
     * @return whether other code computed them, or a file that the code names has changed
     */
    public boolean differsFrom(CodeHash stored) {
        boolean isKnown = !reachable.isEmpty() && !stored.reachable.isEmpty();
        return isKnown
                ? !reachable.equals(stored.reachable) || !changedFiles(stored).isEmpty()
                : !method.equals(stored.method);
    }

    /**
     * Finds the files that have changed. Files that are new do not count: columns may have written them.
     *
     * @param stored hash of the code that computed the stored values
     * @return paths relative to the project, sorted
     */
    public List<String> changedFiles(CodeHash stored) {
        return stored.files.entrySet().stream()
                .filter(file -> !file.getValue().equals(files.get(file.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
