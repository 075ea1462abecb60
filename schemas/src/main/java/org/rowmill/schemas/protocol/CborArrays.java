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
import org.rowmill.schemas.model.ColumnType;

/** Writes and reads CBOR arrays whose first element is the id of a run. Thread-safe. */
final class CborArrays {

    private static final int USUAL_BYTES = 256;

    /**
     * The limits are those of what consumers of the run write, whoever wrote a body. Nesting is limited by the types.
     * Keys of maps are data of users: a table of names would grow with them.
     */
    private final CBORFactory cbor = CBORFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(ColumnType.MAX_VALUE_LENGTH)
                    .maxNameLength(ColumnType.MAX_VALUE_LENGTH)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // A user's exception with an unpaired surrogate in its message must still reach the head.
            .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
            .build();

    private final String run;

    CborArrays(String run) {
        this.run = run;
    }

    /** Writes what a body contains. */
    interface Writer {
        void write(JsonGenerator out) throws IOException;
    }

    /** Reads the elements after the id of the run. */
    interface Reader<T> {
        T read(JsonParser in) throws IOException;
    }

    /** Returns what the writer writes. */
    byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator out = cbor.createGenerator(bytes)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Returns what the writer writes, which can be the beginning of an array. */
    byte[] beginning(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            JsonGenerator out = cbor.createGenerator(bytes); // not closed: closing would complete the array
            writer.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Writes the start of an array and the id of the run. */
    void begin(JsonGenerator out, int elements) throws IOException {
        out.writeStartArray(null, elements);
        out.writeString(run);
    }

    /**
     * Reads a whole body.
     *
     * @throws IOException if it is no array of this run, or more follows the array
     */
    <T> T read(byte[] body, Reader<T> reader) throws IOException {
        return readBeginning(body, in -> {
            T read = reader.read(in);
            in.nextToken();
            Values.expect(in, JsonToken.END_ARRAY);
            if (in.nextToken() != null) {
                throw new IOException("a message of run " + run + " is longer than expected");
            }
            return read;
        });
    }

    /**
     * Reads the first elements of a body, and ignores the rest.
     *
     * @throws IOException if it is no array of this run
     */
    <T> T readBeginning(byte[] body, Reader<T> reader) throws IOException {
        try (JsonParser in = cbor.createParser(body)) {
            checkRun(in);
            return reader.read(in);
        } catch (RuntimeException e) {
            throw notAMessage(e);
        }
    }

    private void checkRun(JsonParser in) throws IOException {
        in.nextToken();
        Values.expect(in, JsonToken.START_ARRAY);
        String of = MessageParts.nextText(in);
        if (!of.equals(run)) {
            throw new IOException("a message of run " + run + " was expected, not of run " + of);
        }
    }

    /** Counts the values in a body. An array counts as a value, and so does each of its elements. */
    int count(byte[] body) throws IOException {
        int values = 0;
        try (JsonParser in = cbor.createParser(body)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                values += token.isStructEnd() || token == JsonToken.FIELD_NAME ? 0 : 1;
            }
        } catch (RuntimeException e) {
            throw notAMessage(e);
        }
        return values;
    }

    /** The parser throws many kinds of exceptions for garbage, such as IllegalArgumentException for a decimal. */
    private IOException notAMessage(RuntimeException e) {
        return new IOException("a message of run " + run + " was expected: " + e, e);
    }
}
