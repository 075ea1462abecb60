package org.rowmill.schemas.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/**
 * Bodies of the messages of one run, as CBOR arrays. Thread-safe.
 *
 * <p>What is read is checked: a body of another run, of a table or column that the run does not have, or one that is cut
 * short is an {@link IOException}.
 */
public final class MessageCodec {

    /** Longest body of a message, in bytes. */
    public static final int LONGEST_BODY = ColumnType.MAX_VALUE_LENGTH;

    /**
     * Most values of a result, those in lists and maps included: one that takes a byte in a body takes up to a hundred
     * where it is read.
     */
    public static final int MOST_VALUES = 8 << 20;

    /**
     * The limits are those of what the run's own processes may write, whoever wrote a body; nesting is bounded by the types.
     * Keys of maps are users' data: no table of names is kept, which would grow with them.
     */
    private final CBORFactory cbor = CBORFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(ColumnType.MAX_VALUE_LENGTH)
                    .maxNameLength(ColumnType.MAX_VALUE_LENGTH)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // Half a surrogate pair in the message of a user's exception must not keep the failure from the head.
            .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
            .build();

    private static final int RESULT_FIELDS = 9;

    private final String run;
    private final List<TableSchema> tables;

    /**
     * A codec.
     *
     * @param run the run's id
     * @param tables the run's tables, in the order both sides know
     */
    public MessageCodec(String run, List<TableSchema> tables) {
        this.run = run;
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
        return bytes(out -> {
            out.writeStartArray(null, 8);
            out.writeString(run);
            header(out, message.table(), message.row(), message.token(), message.attempt());
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
     * @param body what {@link #encode(RowMessage)} made
     * @return the row
     * @throws IOException when it is no row of this run
     */
    public RowMessage decodeRow(byte[] body) throws IOException {
        return read(body, in -> {
            int number = tableNumber(in);
            TableSchema table = tables.get(number);
            long row = MessageParts.nextLong(in);
            long token = MessageParts.nextLong(in);
            int attempt = MessageParts.nextInt(in);
            List<Object> index = MessageParts.readIndex(in, table);
            List<Integer> columns = MessageParts.readColumns(in, table);
            return new RowMessage(number, row, token, attempt, index, columns, MessageParts.readValues(in, table));
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
        return bytes(out -> {
            writeSender(out, message.node());
            header(out, message.table(), message.row(), message.token(), message.attempt());
            out.writeNumber(message.nanos());
            MessageParts.writeValues(out, table, message.values());
            out.writeStartArray(null, message.failures().size() * 5);
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
     * @param body what {@link #encode(ResultMessage)} made
     * @return the result
     * @throws IOException when it is no result of this run
     */
    public ResultMessage decodeResult(byte[] body) throws IOException {
        Optional<String> excess = excess(body);
        if (excess.isPresent()) {
            throw new IOException(excess.get());
        }
        return read(body, in -> {
            String node = MessageParts.nextText(in);
            int number = tableNumber(in);
            TableSchema table = tables.get(number);
            long row = MessageParts.nextLong(in);
            long token = MessageParts.nextLong(in);
            int attempt = MessageParts.nextInt(in);
            long nanos = MessageParts.nextLong(in);
            Map<Integer, @Nullable Object> values = MessageParts.readValues(in, table);
            return new ResultMessage(number, row, token, attempt, node, nanos, values, MessageParts.readFailures(in));
        });
    }

    /**
     * Why a result is too large, if it is: the head takes no such message.
     *
     * @param body of the result
     * @return what it may have and has
     * @throws IOException when it is no CBOR
     */
    public Optional<String> excess(byte[] body) throws IOException {
        if (body.length > LONGEST_BODY) {
            return Optional.of("the values of a row may take " + LONGEST_BODY + " bytes, these take " + body.length);
        }
        if (body.length <= MOST_VALUES) {
            return Optional.empty(); // a value takes a byte at least
        }
        int values = 0;
        try (JsonParser in = cbor.createParser(body)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                values += token.isStructEnd() || token == JsonToken.FIELD_NAME ? 0 : 1;
            }
        } catch (RuntimeException e) {
            throw noMessage(e);
        }
        return values <= MOST_VALUES
                ? Optional.empty()
                : Optional.of("a row may have " + MOST_VALUES + " values, those in lists and maps included, this has "
                        + values + ": write them to a file and store its Path");
    }

    /**
     * What each result of a node begins with, and no other's does.
     *
     * @param node its name
     * @return the first bytes of the body
     */
    public byte[] beginningOfResults(String node) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            JsonGenerator out = cbor.createGenerator(bytes); // not closed: the array is not complete
            writeSender(out, node);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Who sent a result, whether or not the rest of it can be read.
     *
     * @param body of a message
     * @return the node's name
     * @throws IOException when it does not begin as {@link #beginningOfResults} says
     */
    public String senderOfResult(byte[] body) throws IOException {
        try (JsonParser in = cbor.createParser(body)) {
            begin(in);
            return MessageParts.nextText(in);
        } catch (RuntimeException e) {
            throw new IOException("a result was expected: " + e, e);
        }
    }

    /**
     * The index alone, encoded: equal for equal indices only. Rows are told apart by it.
     *
     * @param table the table
     * @param index stored values of its index
     * @return the bytes
     */
    public byte[] encodeIndex(TableSchema table, List<Object> index) {
        return bytes(out -> MessageParts.writeIndex(out, table, index));
    }

    private interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    private byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = cbor.createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private void writeSender(JsonGenerator out, String node) throws IOException {
        out.writeStartArray(null, RESULT_FIELDS);
        out.writeString(run);
        out.writeString(node);
    }

    private static void header(JsonGenerator out, int table, long row, long token, int attempt) throws IOException {
        out.writeNumber(table);
        out.writeNumber(row);
        out.writeNumber(token);
        out.writeNumber(attempt);
    }

    private interface Message<T> {
        T read(JsonParser in) throws IOException;
    }

    private <T> T read(byte[] body, Message<T> message) throws IOException {
        try (JsonParser in = cbor.createParser(body)) {
            begin(in);
            T read = message.read(in);
            in.nextToken();
            Values.expect(in, JsonToken.END_ARRAY);
            if (in.nextToken() != null) {
                throw new IOException("a message of run " + run + " is followed by something");
            }
            return read;
        } catch (RuntimeException e) {
            throw noMessage(e);
        }
    }

    /** The parser has its own ways with garbage, such as IllegalArgumentException for a decimal out of range. */
    private IOException noMessage(RuntimeException e) {
        return new IOException("a message of run " + run + " was expected: " + e, e);
    }

    private void begin(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        String of = MessageParts.nextText(in);
        if (!of.equals(run)) {
            throw new IOException("a message of run " + run + " was expected, not of run " + of);
        }
    }

    private int tableNumber(JsonParser in) throws IOException {
        return MessageParts.below(MessageParts.nextInt(in), tables.size(), "table");
    }
}
