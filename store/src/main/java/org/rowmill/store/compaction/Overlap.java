package org.rowmill.store.compaction;

import java.util.Arrays;
import java.util.List;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;

/** The rows that are in more than one part. */
public final class Overlap {

    /** A sorted long[] of 64 MB. Larger tables are read more than once. */
    private static final int KEYS_PER_PASS = 8 << 20;

    /**
     * Number of first bits that select where a search starts. Hashes are evenly distributed, so the key is near; a
     * binary search over all keys would miss the CPU caches.
     */
    private static final int LEADING_BITS = 16;

    private final long[] keys;
    private final int[] starts = new int[(1 << LEADING_BITS) + 1];
    private final long rows;

    private Overlap(long[] keys, long rows) {
        this.keys = keys;
        this.rows = rows;
        for (long key : keys) {
            starts[leadingBits(key) + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
    }

    /** Returns the first bits, in the order of signed numbers, like the sorted keys. */
    private static int leadingBits(long key) {
        return (int) ((key ^ Long.MIN_VALUE) >>> (Long.SIZE - LEADING_BITS));
    }

    /**
     * Finds rows that are in more than one part. Compares only half of each key: a row that is found by mistake does no
     * harm, because joining it changes nothing.
     *
     * @param parts the parts
     * @param scan reads the keys
     */
    public static Overlap find(List<Part> parts, KeyScan scan) throws DamagedPart {
        return find(parts, scan, KEYS_PER_PASS);
    }

    /**
     * Finds rows that are in more than one part, in as many passes as the memory requires.
     *
     * @param parts the parts
     * @param scan reads the keys
     * @param keysPerPass number of keys in memory at once
     */
    public static Overlap find(List<Part> parts, KeyScan scan, int keysPerPass) throws DamagedPart {
        long all = parts.stream().mapToLong(Part::rows).sum();
        if (parts.size() < 2) {
            return new Overlap(new long[0], all);
        }
        Longs repeated = new Longs(0);
        long distinct = 0;
        int passes = Math.toIntExact(all / keysPerPass + 1);
        for (int pass = 0; pass < passes; pass++) {
            int current = pass;
            Longs keys = new Longs(Math.toIntExact(all / passes + all / passes / 16));
            for (Part part : parts) {
                scan.visit(part, key -> {
                    if (passes == 1 || pass(key, passes) == current) {
                        keys.add(key.low());
                    }
                });
            }
            distinct += keys.sortAndCollectRepeated(repeated);
        }
        long[] sorted = repeated.trimmed();
        Arrays.sort(sorted);
        return new Overlap(sorted, distinct);
    }

    /**
     * Collects all rows of some parts, as if each were in another part too.
     *
     * @param parts the parts
     * @param scan reads the keys
     * @param more rows that are in more than one part
     */
    static Overlap all(List<Part> parts, KeyScan scan, Overlap more) throws DamagedPart {
        Longs keys =
                new Longs(Math.toIntExact(parts.stream().mapToLong(Part::rows).sum() + more.keys.length));
        for (long key : more.keys) {
            keys.add(key);
        }
        for (Part part : parts) {
            scan.visit(part, key -> keys.add(key.low()));
        }
        long[] sorted = keys.trimmed();
        Arrays.sort(sorted);
        return new Overlap(sorted, sorted.length);
    }

    private static int pass(IndexKey key, int passes) {
        return (int) (((key.low() >>> Integer.SIZE) * passes) >>> Integer.SIZE);
    }

    /** No row is in more than one part. */
    static Overlap none() {
        return new Overlap(new long[0], 0);
    }

    /** Counts the rows that are in more than one part. */
    public int size() {
        return keys.length;
    }

    /** Counts all rows. A row that is in several parts counts once. */
    public long rows() {
        return rows;
    }

    /** Whether the row is in more than one part. */
    public boolean contains(IndexKey key) {
        int leading = leadingBits(key.low());
        return Arrays.binarySearch(keys, starts[leading], starts[leading + 1], key.low()) >= 0;
    }

    /** A long[] that grows. */
    private static final class Longs {
        private long[] values;
        private int size;

        Longs(int capacity) {
            values = new long[Math.max(16, capacity)];
        }

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.addExact(size, size / 2));
            }
            values[size++] = value;
        }

        long[] trimmed() {
            return Arrays.copyOf(values, size);
        }

        /** Adds each value that occurs more than once to {@code repeated}, and counts the distinct values. */
        long sortAndCollectRepeated(Longs repeated) {
            Arrays.sort(values, 0, size);
            long distinct = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || values[i] != values[i - 1]) {
                    distinct++;
                } else if (i == 1 || values[i] != values[i - 2]) {
                    repeated.add(values[i]);
                }
            }
            return distinct;
        }
    }
}
