package org.rowmill.store.compaction;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;

/** For each row in a hidden part, the part that other readers see and that has the row too: its home. */
final class Homes {

    /** A row without a home. */
    static final int NONE = -1;

    private final List<Path> files;
    private final StoredKeys keys;
    private final BitSet withHidden = new BitSet();
    private boolean hasHomeless;

    private Homes(List<Path> files, long hidden) {
        this.files = files;
        this.keys = new StoredKeys(hidden);
    }

    /** Reads the keys of all parts, unless there are no hidden ones. */
    static Homes find(List<Part> visible, List<Part> hidden, KeyScan scan) throws DamagedPart {
        Homes homes = new Homes(
                visible.stream().map(Part::file).distinct().toList(),
                hidden.stream().mapToLong(Part::rows).sum());
        int none = homes.keys.number(new BitSet());
        for (Part part : hidden) {
            scan.visit(part, key -> homes.keys.add(key, none));
        }
        if (hidden.isEmpty()) {
            return homes;
        }
        for (Part part : visible) {
            homes.add(part, scan);
        }
        for (Part part : hidden) {
            homes.hasHomeless |= scan.find(part, key -> homes.of(key) == NONE);
        }
        return homes;
    }

    private void add(Part part, KeyScan scan) throws DamagedPart {
        int file = files.indexOf(part.file());
        BitSet own = new BitSet();
        own.set(file);
        int number = keys.number(own);
        scan.visit(part, key -> {
            if (keys.contains(key)) {
                keys.add(key, number);
                withHidden.set(file);
            }
        });
    }

    /** Returns the files that other readers see, oldest first. */
    List<Path> files() {
        return files;
    }

    /** Whether a row is in a hidden part. */
    boolean isHidden(IndexKey key) {
        return keys.contains(key);
    }

    /** Returns the number of the first file with a row that is in a hidden part, or {@link #NONE}. */
    int of(IndexKey key) {
        return keys.columns(key).nextSetBit(0);
    }

    /** Whether a file has rows that are in hidden parts too. */
    boolean hasHidden(int file) {
        return withHidden.get(file);
    }

    /** Whether a row is only in hidden parts. */
    boolean hasHomeless() {
        return hasHomeless;
    }
}
