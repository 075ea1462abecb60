package org.rowmill.benchmarks;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.rowmill.producer.inflight.ComputingNodes;
import org.rowmill.producer.inflight.Decision;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowTokens;
import org.rowmill.producer.inflight.TableRules;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.store.keys.IndexKey;

/**
 * Measures how many rows per second pass through {@link InFlightRows} on one thread, without messages: a row is
 * published, and the result of the oldest row arrives. 8,000 rows are in flight, nearly the maximum of a run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InFlightRowsBenchmark {

    private static final int MAX_ROWS = 8_192;
    private static final int IN_FLIGHT = 8_000;
    private static final long MAX_BYTES = 64L << 20;
    private static final int RETRIES = 2;

    private final InFlightRows rows = new InFlightRows(MAX_ROWS, MAX_BYTES, new RowTokens(new SecureRandom()));
    private final ComputingNodes nodes = new OneNode();
    private final PlannedRow planned = new PlannedRow(List.of(1), new IndexKey(1, 1), List.of(), Map.of(), false);

    /** The head alone. */
    private record OneNode() implements ComputingNodes {
        @Override
        public Set<String> names() {
            return Set.of(SampleRow.NODE);
        }

        @Override
        public long heapBytes(String node) {
            return 0;
        }
    }

    /** Publishes the first rows. */
    public InFlightRowsBenchmark() {
        rows.beginTable(new TableRules(0, 1, RETRIES));
        for (int i = 0; i < IN_FLIGHT; i++) {
            publish();
        }
    }

    private long publish() {
        long number = rows.nextRow();
        if (!rows.tryAdd(number, planned, BareMessages.ROW_BYTES)) {
            throw new IllegalStateException("no room for row " + number);
        }
        return number;
    }

    /** Publishes a row and ends the oldest one. */
    @Benchmark
    public Decision publishAndEnd() {
        long oldest = publish() - IN_FLIGHT;
        ResultMessage result = new ResultMessage(
                0,
                oldest,
                rows.token(oldest),
                1,
                SampleRow.NODE,
                1,
                ResultMessage.Kind.COMPUTED,
                Map.of(0, oldest),
                List.of());
        return rows.result(result, nodes, oldest);
    }
}
