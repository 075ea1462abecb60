package org.rowmill.schemas.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/**
 * Encodes and decodes the bodies of the messages of one run, which are CBOR arrays. Thread-safe.
 *
 * <p>Decoding checks everything: a body of another run, of an unknown table or column, or one that is cut short causes
 * an {@link IOException}.
 */
public final class MessageCodec {

    /** Maximum length of a body in bytes. */
    public static final int LONGEST_BODY = ColumnType.MAX_VALUE_LENGTH;

    /**
     * Maximum number of values in a result, including those in lists and maps. A value of one byte in a body takes up
     * to a hundred bytes of heap.
     */
    public static final int MOST_VALUES = 8 << 20;

    /** A row that is computed alone has one more. */
    private static final int ROW_FIELDS = 8;

    private static final int RESULT_FIELDS = 10;
    private static final int FAILURE_FIELDS = 5;
    private static final List<ResultMessage.Kind> KINDS = List.of(ResultMessage.Kind.values());

    private final CborArrays arrays;
    private final List<TableSchema> tables;

    /**
     * Makes a codec.
     *
     * @param run id of the run
     * @param tables tables of the run, in the same order on both sides
     */
    public MessageCodec(String run, List<TableSchema> tables) {
        this.arrays = new CborArrays(run);
        this.tables = List.copyOf(tables);
    }

    /**
     * Encodes a row.
     *
     * @param message the row
     * @return the body
     */
    public byte[] encode(RowMessage message) {
        TableSchema table = tables.get(message.table());
        return arrays.bytes(out -> {
            arrays.begin(out, message.alone() ? ROW_FIELDS + 1 : ROW_FIELDS);
            writeRowNumbers(out, message.table(), message.row(), message.token());
            if (message.alone()) {
                out.writeBoolean(true); // otherwise left out: rows in journals of earlier versions have no such element
            }
            out.writeNumber(message.attempt());
            MessageParts.writeIndex(out, table, message.index());
            out.writeStartArray(null, message.columns().size());
            for (int column : message.columns()) {
                out.writeNumber(column);
            }
            out.writeEndArray();
            MessageParts.writeValues(out, table, message.known());
            out.writeEndArray();
        });
    }

    /**
     * Decodes a row.
     *
     * @param body what {@link #encode(RowMessage)} returned
     * @return the row
     * @throws IOException if it is no row of this run
     */
    public RowMessage decodeRow(byte[] body) throws IOException {
        return arrays.read(body, in -> {
            int number = tableNumber(in);
            TableSchema table = tables.get(number);
            long row = MessageParts.nextLong(in);
            long token = MessageParts.nextLong(in);
            boolean alone = MessageParts.nextFlag(in);
            int attempt = MessageParts.currentInt(in);
            List<Object> index = MessageParts.readIndex(in, table);
            List<Integer> columns = MessageParts.readColumns(in, table);
            Map<Integer, @Nullable Object> known = MessageParts.readValues(in, table);
            return new RowMessage(number, row, token, attempt, alone, index, columns, known);
        });
    }

    /**
     * Encodes a result.
     *
     * @param message the result
     * @return the body
     */
    public byte[] encode(ResultMessage message) {
        TableSchema table = tables.get(message.table());
        return arrays.bytes(out -> {
            writeSender(out, message.node());
            writeRowNumbers(out, message.table(), message.row(), message.token());
            out.writeNumber(message.attempt());
            out.writeNumber(message.nanos());
            out.writeNumber(KINDS.indexOf(message.kind()));
            MessageParts.writeValues(out, table, message.values());
            out.writeStartArray(null, message.failures().size() * FAILURE_FIELDS);
            for (ResultMessage.Failure failure : message.failures()) {
                out.writeString(failure.columns());
                out.writeString(failure.errorClass());
                out.writeString(failure.message());
                out.writeString(failure.stack());
                out.writeBoolean(failure.isRetryable());
            }
            out.writeEndArray();
            out.writeEndArray();
        });
    }

    /**
     * Decodes a result.
     *
     * @param body what {@link #encode(ResultMessage)} returned
     * @return the result
     * @throws IOException if it is no result of this run, or is too large
     */
    public ResultMessage decodeResult(byte[] body) throws IOException {
        Optional<String> excess = excess(body);
        if (excess.isPresent()) {
            throw new IOException(excess.get());
        }
        return arrays.read(body, in -> {
            String node = MessageParts.nextText(in);
            int number = tableNumber(in);
            TableSchema table = tables.get(number);
            long row = MessageParts.nextLong(in);
            long token = MessageParts.nextLong(in);
            int attempt = MessageParts.nextInt(in);
            long nanos = MessageParts.nextLong(in);
            ResultMessage.Kind kind =
                    KINDS.get(MessageParts.below(MessageParts.nextInt(in), KINDS.size(), "kind of result"));
            Map<Integer, @Nullable Object> values = MessageParts.readValues(in, table);
            List<ResultMessage.Failure> failures = MessageParts.readFailures(in);
            return new ResultMessage(number, row, token, attempt, node, nanos, kind, values, failures);
        });
    }

    /**
     * Checks the size of a result. The head rejects a result that is too large.
     *
     * @param body body of the result
     * @return the limit and what the result has; empty if it is not too large
     * @throws IOException if the body is no CBOR
     */
    public Optional<String> excess(byte[] body) throws IOException {
        if (body.length > LONGEST_BODY) {
            return Optional.of("the values of a row can have at most " + LONGEST_BODY + " bytes, these have "
                    + body.length + ": write them to a file and store its Path");
        }
        if (body.length <= MOST_VALUES) {
            return Optional.empty(); // each value has at least one byte
        }
        int values = arrays.count(body);
        return values <= MOST_VALUES
                ? Optional.empty()
                : Optional.of("a row can have at most " + MOST_VALUES + " values, including those in lists and maps;"
                        + " this one has " + values + ": write them to a file and store its Path");
    }

    /**
     * Returns the bytes with which each result of a node begins, and no result of another node.
     *
     * @param node name of the node
     * @return the first bytes of the body
     */
    public byte[] beginningOfResults(String node) {
        return arrays.beginning(out -> writeSender(out, node));
    }

    /**
     * Reads which node sent a result, even if the rest of the result cannot be read.
     *
     * @param body body of a message
     * @return name of the node
     * @throws IOException if the body does not begin like {@link #beginningOfResults}
     */
    public String senderOfResult(byte[] body) throws IOException {
        return arrays.readBeginning(body, MessageParts::nextText);
    }

    /**
     * Encodes an index. Two indices of a table have the same bytes only if they are equal.
     *
     * @param table the table
     * @param index stored values of its index
     * @return the bytes
     */
    public byte[] encodeIndex(TableSchema table, List<Object> index) {
        return arrays.bytes(out -> MessageParts.writeIndex(out, table, index));
    }

    private void writeSender(JsonGenerator out, String node) throws IOException {
        arrays.begin(out, RESULT_FIELDS);
        out.writeString(node);
    }

    private static void writeRowNumbers(JsonGenerator out, int table, long row, long token) throws IOException {
        out.writeNumber(table);
        out.writeNumber(row);
        out.writeNumber(token);
    }

    private int tableNumber(JsonParser in) throws IOException {
        return MessageParts.below(MessageParts.nextInt(in), tables.size(), "table");
    }
}
