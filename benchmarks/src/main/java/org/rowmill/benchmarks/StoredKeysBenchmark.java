package org.rowmill.benchmarks;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.keys.StoredKeys;

/**
 * Measures how many keys per second one thread looks up among those of a million rows. A run does it once for each row
 * that {@code index()} lists.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StoredKeysBenchmark {

    private static final int ROWS = 1_000_000;

    /** A power of two. Keys are hashes, so the order of the rows makes no difference. */
    private static final int LOOKUPS = 1 << 16;

    private final StoredKeys stored = new StoredKeys(ROWS);
    private final IndexKey[] present = keys(0);
    private final IndexKey[] missing = keys(ROWS);
    private int next;

    /** Stores the keys. */
    public StoredKeysBenchmark() {
        KeyScan keys = keys();
        BitSet columns = new BitSet();
        columns.set(0);
        int set = stored.number(columns);
        for (int i = 0; i < ROWS; i++) {
            stored.add(keys.key(List.of(i)), set);
        }
    }

    private static KeyScan keys() {
        return new KeyScan(SampleRow.noop().schema());
    }

    private static IndexKey[] keys(int first) {
        KeyScan keys = keys();
        IndexKey[] all = new IndexKey[LOOKUPS];
        for (int i = 0; i < LOOKUPS; i++) {
            all[i] = keys.key(List.of(first + i));
        }
        return all;
    }

    /** Looks up the key of a stored row. */
    @Benchmark
    public boolean present() {
        return stored.contains(present[next++ & LOOKUPS - 1]);
    }

    /** Looks up the key of a row that is not stored. */
    @Benchmark
    public boolean missing() {
        return stored.contains(missing[next++ & LOOKUPS - 1]);
    }
}
