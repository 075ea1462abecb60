package org.rowmill.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * The messages of a typical row of a long run.
 *
 * @param schema the schema of its table, the only one of the run
 * @param codec encodes and decodes its messages
 * @param row what the head sends
 * @param result what a consumer answers
 */
record SampleRow(TableSchema schema, MessageCodec codec, RowMessage row, ResultMessage result) {

    /** Id of a run. Ids have nine characters until 2038. */
    static final String RUN = "t99999abc";

    /** Name of a node. */
    static final String NODE = "localhost";

    private static final int NUMBER = 500_000;

    /** Tokens are random, so nearly all need all 64 bits. */
    private static final long TOKEN = 0x1234_5678_9abc_def0L;

    private static final long NANOS = 1_500;
    private static final int WIDE_COLUMNS = 100;

    /**
     * Makes a row of the table of {@code ops/bench noop}: an {@code int} as index and one {@code long} column, of which
     * nothing is stored.
     */
    static SampleRow noop() {
        return of(columns(List.of(ColumnType.Scalar.LONG)), List.of(), Map.of(), Map.of(0, NUMBER * 3L + 1));
    }

    /**
     * Makes a row of a table with an {@code int} as index and 100 columns: a quarter each {@code long}, {@code double},
     * {@code boolean} and text of 20 characters. The first 50 are stored, and the row message contains them. The result
     * has the other 50.
     */
    static SampleRow wide() {
        List<ColumnType> types = List.of(
                ColumnType.Scalar.LONG, ColumnType.Scalar.DOUBLE, ColumnType.Scalar.BOOLEAN, ColumnType.Scalar.STRING);
        List<Object> values = List.of(NUMBER * 3L + 1, 0.123456789, true, "twenty characters ..");
        List<ColumnType> columns = new ArrayList<>();
        Map<Integer, @Nullable Object> known = new HashMap<>();
        Map<Integer, @Nullable Object> computed = new HashMap<>();
        for (int i = 0; i < WIDE_COLUMNS; i++) {
            columns.add(types.get(i % types.size()));
            (i < WIDE_COLUMNS / 2 ? known : computed).put(i, values.get(i % values.size()));
        }
        List<Integer> missing = List.copyOf(computed.keySet());
        return of(columns(columns), missing, known, computed);
    }

    private static TableSchema columns(List<ColumnType> types) {
        return new TableSchema(
                "Sample",
                List.of(new TableSchema.IndexField("index", ColumnType.Scalar.INT)),
                IntStream.range(0, types.size())
                        .mapToObj(i -> new TableSchema.ColumnField("column_" + i, types.get(i), 1, "c0de"))
                        .toList());
    }

    private static SampleRow of(
            TableSchema schema,
            List<Integer> missing,
            Map<Integer, @Nullable Object> known,
            Map<Integer, @Nullable Object> computed) {
        RowMessage row = new RowMessage(0, NUMBER, TOKEN, 1, false, List.of(NUMBER), missing, known);
        ResultMessage result =
                new ResultMessage(0, NUMBER, TOKEN, 1, NODE, NANOS, ResultMessage.Kind.COMPUTED, computed, List.of());
        return new SampleRow(schema, new MessageCodec(RUN, List.of(schema)), row, result);
    }

    /** Encodes the row. */
    byte[] encodedRow() {
        return codec.encode(row);
    }

    /** Encodes the result. */
    byte[] encodedResult() {
        return codec.encode(result);
    }
}
