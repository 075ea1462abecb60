package org.rowmill.store.compaction;

import java.util.Arrays;
import java.util.List;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;

/** Which rows stand in more than one part. */
public final class Overlap {

    /** A sorted long[] of 64 MB; tables of more rows are gone through more than once. */
    private static final int KEYS_PER_PASS = 8 << 20;

    /** Hashes are spread evenly, so that their first bits lead close to them; a search from the middle misses caches. */
    private static final int LEADING_BITS = 16;

    private final long[] keys;
    private final int[] starts = new int[(1 << LEADING_BITS) + 1];
    private final long rows;

    private Overlap(long[] keys, long rows) {
        this.keys = keys;
        this.rows = rows;
        for (long key : keys) {
            starts[lead(key) + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
    }

    /** In the order of signed numbers, as the keys are sorted. */
    private static int lead(long key) {
        return (int) ((key ^ Long.MIN_VALUE) >>> (Long.SIZE - LEADING_BITS));
    }

    /**
     * Reads the keys of all parts. Half of a key is compared: a row too many is joined with nothing, which does no harm.
     *
     * @param parts the parts
     * @param scan of the table's index
     */
    public static Overlap find(List<Part> parts, KeyScan scan) throws DamagedPart {
        return find(parts, scan, KEYS_PER_PASS);
    }

    public static Overlap find(List<Part> parts, KeyScan scan, int keysPerPass) throws DamagedPart {
        long all = parts.stream().mapToLong(Part::rows).sum();
        if (parts.size() < 2) {
            return new Overlap(new long[0], all);
        }
        Longs twice = new Longs(0);
        long distinct = 0;
        int passes = Math.toIntExact(all / keysPerPass + 1);
        for (int pass = 0; pass < passes; pass++) {
            int now = pass;
            Longs keys = new Longs(Math.toIntExact(all / passes + all / passes / 16));
            for (Part part : parts) {
                scan.visit(part, key -> {
                    if (passes == 1 || pass(key, passes) == now) {
                        keys.add(key.low());
                    }
                });
            }
            distinct += keys.sortAndCollectRepeated(twice);
        }
        long[] repeated = twice.trimmed();
        Arrays.sort(repeated);
        return new Overlap(repeated, distinct);
    }

    private static int pass(IndexKey key, int passes) {
        return (int) (((key.low() >>> Integer.SIZE) * passes) >>> Integer.SIZE);
    }

    boolean isEmpty() {
        return keys.length == 0;
    }

    /** How many rows stand in more than one part. */
    public int size() {
        return keys.length;
    }

    /** How many rows there are, each counted once. */
    public long rows() {
        return rows;
    }

    public boolean contains(IndexKey key) {
        int lead = lead(key.low());
        return Arrays.binarySearch(keys, starts[lead], starts[lead + 1], key.low()) >= 0;
    }

    /** A growing long[]. */
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

        /** Gives each value that stands here more than once to {@code repeated}, once; counts the distinct ones. */
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
