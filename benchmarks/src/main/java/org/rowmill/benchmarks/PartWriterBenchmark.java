package org.rowmill.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.StoreOptions;

/**
 * Measures how many rows per second one thread stores in parts of 10,000 rows, which is what a run does with trivial
 * rows. Each part is forced to the disk of {@code java.io.tmpdir}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PartWriterBenchmark {

    private static final int ROWS = 10_000;

    private final TemporaryDirectory directory = temporaryDirectory();
    private final TableStore store;
    private final PartWriter writer;
    private final List<Row> rows = new ArrayList<>();

    private record Row(IndexKey key, List<Object> index, Map<Integer, Object> values) {}

    /** Opens a table and makes the rows. */
    public PartWriterBenchmark() {
        SampleRow sample = SampleRow.noop();
        StoreOptions options = new StoreOptions(false, Set.of(), SampleRow.RUN, "c0de");
        store = TableOpening.open(directory.path().resolve("Sample"), sample.schema(), options);
        writer = store.writer();
        KeyScan keys = new KeyScan(sample.schema());
        for (int i = 0; i < ROWS; i++) {
            List<Object> index = List.of(i);
            rows.add(new Row(keys.key(index), index, Map.of(0, i * 3L + 1)));
        }
    }

    /** Constructors of JMH's states cannot throw checked exceptions. */
    private static TemporaryDirectory temporaryDirectory() {
        try {
            return TemporaryDirectory.make();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary directory", e);
        }
    }

    /** Stores a part. The same rows are in each part: the writer does not look into earlier ones. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public List<Path> part() throws IOException {
        for (Row row : rows) {
            writer.add(row.key(), row.index(), row.values(), true);
        }
        return writer.publish();
    }

    /** Closes the table and removes it. */
    @TearDown
    public void close() throws IOException {
        writer.close();
        store.close();
        directory.close();
    }
}
