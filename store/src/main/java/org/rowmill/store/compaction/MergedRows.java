package org.rowmill.store.compaction;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.PartColumns;
import org.rowmill.store.parts.PartReader;

/**
 * Reads parts as one table: each index once, with the newest value of each column. Rows that are in only one part are
 * returned first. The others are joined at the end: in memory, or one bucket at a time from the disk if there are many.
 */
public final class MergedRows implements AutoCloseable {

    private static final long BUCKET_BYTES = 16L << 20;
    private static final int MAX_BUCKETS = 512;
    private static final int ROW_BYTES = 350;
    private static final int BYTES_PER_RAW_BYTE = 3;

    private final List<PartColumns> parts;
    private final TableSchema schema;
    private final Overlap overlap;
    private final KeyScan keys;
    private final Predicate<IndexKey> wanted;
    private final List<int[]> sources = new ArrayList<>();
    private final Map<IndexKey, MergedRow> joined = new LinkedHashMap<>();
    private final @Nullable RowSpill spill;
    private final int buckets;
    private int part = -1;
    private int bucket;
    private @Nullable PartReader reader;
    private @Nullable Iterator<MergedRow> ready;

    /**
     * Makes a reader.
     *
     * @param parts the parts, oldest first
     * @param schema the schema of the store
     * @param overlap the rows that are in more than one part
     * @param keys computes keys of indices
     * @param directory directory for temporary files of rows to join
     */
    public MergedRows(List<PartColumns> parts, TableSchema schema, Overlap overlap, KeyScan keys, Path directory)
            throws IOException {
        this(parts, schema, overlap, keys, key -> true, directory);
    }

    /**
     * Makes a reader of some rows.
     *
     * @param parts the parts, oldest first
     * @param schema the schema of the store
     * @param overlap the rows that are in more than one part
     * @param keys computes keys of indices
     * @param wanted selects the rows
     * @param directory directory for temporary files of rows to join
     */
    MergedRows(
            List<PartColumns> parts,
            TableSchema schema,
            Overlap overlap,
            KeyScan keys,
            Predicate<IndexKey> wanted,
            Path directory)
            throws IOException {
        this.parts = List.copyOf(parts);
        this.schema = schema;
        this.overlap = overlap;
        this.keys = keys;
        this.wanted = wanted;
        for (int i = 0; i < parts.size(); i++) {
            sources.add(sources(parts.get(i).read(), i));
        }
        this.buckets = buckets();
        this.spill = buckets > 1 ? new RowSpill(directory, schema, this.parts, buckets) : null;
    }

    private int[] sources(BitSet read, int source) {
        int[] sources = new int[schema.columns().size()];
        Arrays.fill(sources, -1);
        read.stream().forEach(column -> sources[column] = source);
        return sources;
    }

    private int buckets() {
        long rows = parts.stream().mapToLong(columns -> columns.part().rows()).sum();
        long raw =
                parts.stream().mapToLong(columns -> columns.part().rawBytes()).sum();
        double rowBytes = ROW_BYTES + (double) BYTES_PER_RAW_BYTE * raw / Math.max(1, rows);
        return (int) Math.min(MAX_BUCKETS, 1 + (long) (overlap.size() * rowBytes) / BUCKET_BYTES);
    }

    /** Returns the next row, or null after the last one. */
    @Nullable
    public MergedRow next() throws IOException {
        while (part < parts.size()) {
            if (reader != null && reader.next()) {
                MergedRow row = row(reader);
                if (row != null) {
                    return row;
                }
            } else {
                openNextPart();
            }
        }
        while (ready == null || !ready.hasNext()) {
            if (bucket == buckets) {
                return null;
            }
            ready = join(bucket++);
        }
        return ready.next();
    }

    private void openNextPart() throws IOException {
        close(reader);
        reader = null;
        part++;
        if (part < parts.size()) {
            reader = new PartReader(
                    parts.get(part).part(), schema, parts.get(part).read());
        }
    }

    /** Returns the current row, or null if it must be joined with others. */
    private @Nullable MergedRow row(PartReader current) throws IOException {
        List<Object> index = current.index();
        IndexKey key = keys.key(index);
        if (!wanted.test(key)) {
            return null;
        }
        if (!overlap.contains(key)) {
            return new MergedRow(index, key, current.values(), sources.get(part), part);
        }
        if (spill == null) {
            merge(part, index, key, current.values());
        } else {
            spill.add(part, index, key, current.values());
        }
        return null;
    }

    private Iterator<MergedRow> join(int currentBucket) throws IOException {
        if (spill != null) {
            joined.clear();
            spill.visit(currentBucket, this::merge);
        }
        return joined.values().iterator();
    }

    /** Merges a row of a newer part into the same row of older parts. */
    private void merge(int source, List<Object> index, IndexKey key, @Nullable Object[] values) {
        MergedRow older = joined.get(key);
        if (older == null) {
            joined.put(key, new MergedRow(index, key, values, sources.get(source), source));
            return;
        }
        @Nullable Object[] mergedValues = older.values();
        int[] mergedSources = older.sources().clone();
        PartColumns newer = parts.get(source);
        for (int i = newer.read().nextSetBit(0); i >= 0; i = newer.read().nextSetBit(i + 1)) {
            if (mergedSources[i] < 0
                    || newer.valid().get(i)
                    || !parts.get(mergedSources[i]).valid().get(i)) {
                mergedValues[i] = values[i];
                mergedSources[i] = source;
            }
        }
        joined.put(key, new MergedRow(older.index(), key, mergedValues, mergedSources, older.first()));
    }

    @Override
    public void close() throws IOException {
        part = parts.size();
        bucket = buckets;
        try {
            close(reader);
        } finally {
            if (spill != null) {
                spill.close();
            }
        }
    }

    private static void close(@Nullable PartReader reader) throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
