package org.rowmill.store.failed;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartReader;

/** Reads the failed rows, newest part first. Of several rows with the same index, it returns the newest one. */
public final class FailedReader implements AutoCloseable {

    private final TableSchema schema;
    private final KeyScan keys;
    private final BiPredicate<Part, IndexKey> keep;
    private final Iterator<Part> parts;
    private final StoredKeys seen;
    private @Nullable Part part;
    private @Nullable PartReader reader;

    /**
     * Makes a reader.
     *
     * @param parts parts with failed rows, oldest first
     * @param schema schema of the failed rows
     * @param keys computes keys of indices
     * @param keep which of the newest rows to return
     */
    public FailedReader(List<Part> parts, TableSchema schema, KeyScan keys, BiPredicate<Part, IndexKey> keep) {
        this.schema = schema;
        this.keys = keys;
        this.keep = keep;
        this.seen = new StoredKeys(parts.stream().mapToLong(Part::rows).sum());
        List<Part> newestFirst = new ArrayList<>(parts);
        Collections.reverse(newestFirst);
        this.parts = newestFirst.iterator();
    }

    /** Returns the next row, or null after the last one. */
    @Nullable
    public FailedRow next() throws DamagedPart {
        while (true) {
            if (part != null && reader != null && reader.next()) {
                List<Object> index = reader.index();
                IndexKey key = keys.key(index);
                if (seen.markListed(key) && keep.test(part, key)) {
                    return FailedTable.row(index, reader.values());
                }
            } else if (!openNextPart()) {
                return null;
            }
        }
    }

    private boolean openNextPart() throws DamagedPart {
        close();
        if (!parts.hasNext()) {
            return false;
        }
        part = parts.next();
        reader = new PartReader(part, schema, all());
        return true;
    }

    private BitSet all() {
        BitSet all = new BitSet();
        all.set(0, schema.columns().size());
        return all;
    }

    @Override
    public void close() throws DamagedPart {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
