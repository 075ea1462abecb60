package org.rowmill.benchmarks;

import java.io.IOException;
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
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * Measures how many messages per second one thread encodes or decodes, of the row of {@link SampleRow#noop} and of the
 * row of {@link SampleRow#wide}. The head encodes a row and decodes its result; a consumer does the opposite.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageCodecBenchmark {

    private final SampleRow noop = SampleRow.noop();
    private final byte[] noopRow = noop.encodedRow();
    private final byte[] noopResult = noop.encodedResult();
    private final SampleRow wide = SampleRow.wide();
    private final byte[] wideRow = wide.encodedRow();
    private final byte[] wideResult = wide.encodedResult();

    /** Encodes the row message of a trivial row. */
    @Benchmark
    public byte[] encodeNoopRow() {
        return noop.encodedRow();
    }

    /** Decodes the row message of a trivial row. */
    @Benchmark
    public RowMessage decodeNoopRow() throws IOException {
        return noop.codec().decodeRow(noopRow);
    }

    /** Encodes the result of a trivial row. */
    @Benchmark
    public byte[] encodeNoopResult() {
        return noop.encodedResult();
    }

    /** Decodes the result of a trivial row. */
    @Benchmark
    public ResultMessage decodeNoopResult() throws IOException {
        return noop.codec().decodeResult(noopResult);
    }

    /** Encodes the row message of a row with 100 columns, with 50 stored values. */
    @Benchmark
    public byte[] encodeWideRow() {
        return wide.encodedRow();
    }

    /** Decodes the row message of a row with 100 columns, with 50 stored values. */
    @Benchmark
    public RowMessage decodeWideRow() throws IOException {
        return wide.codec().decodeRow(wideRow);
    }

    /** Encodes the result of a row with 100 columns, with 50 values. */
    @Benchmark
    public byte[] encodeWideResult() {
        return wide.encodedResult();
    }

    /** Decodes the result of a row with 100 columns, with 50 values. */
    @Benchmark
    public ResultMessage decodeWideResult() throws IOException {
        return wide.codec().decodeResult(wideResult);
    }
}
