package org.rowmill.store.recompute;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.StoreOptions;

/** Keeps {@link Recomputations} in the directory of a table. Written only by the holder of the table's lock. */
public final class RecomputeFile {

    /** Name of the file. */
    public static final String NAME = ".recompute";

    private static final int FORMAT = 1;
    private static final JsonFactory JSON = new JsonFactory();

    private RecomputeFile() {}

    /**
     * Reads the file.
     *
     * @param directory the directory of the table
     * @throws WrongInput if another version of Rowmill wrote it, or somebody changed it
     */
    public static Recomputations read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Recomputations.NONE;
        }
        try (JsonParser in = JSON.createParser(content)) {
            in.nextToken();
            return read(in);
        } catch (IOException | RuntimeException e) {
            throw new WrongInput(file + ": this file says which columns are being computed again, and cannot be read: "
                    + e.getMessage() + ". Use the version of Rowmill that wrote it; or delete the file, and request the"
                    + " columns again with --recompute");
        }
    }

    private static Recomputations read(JsonParser in) throws IOException {
        int format = 0;
        int last = 0;
        Map<String, Integer> required = new HashMap<>();
        List<RecomputeRequest> requests = new ArrayList<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            switch (name) {
                case "format" -> format = in.getIntValue();
                case "last" -> last = in.getIntValue();
                case "required" -> {
                    for (String column = in.nextFieldName(); column != null; column = in.nextFieldName()) {
                        required.put(column, in.nextIntValue(0));
                    }
                }
                case "requests" -> {
                    while (in.nextToken() == JsonToken.START_OBJECT) {
                        requests.add(request(in));
                    }
                }
                default -> in.skipChildren();
            }
        }
        if (format != FORMAT) {
            throw new IOException("format " + FORMAT + " was expected, not " + format);
        }
        return new Recomputations(last, required, requests);
    }

    private static RecomputeRequest request(JsonParser in) throws IOException {
        Map<String, String> texts = new HashMap<>();
        Set<String> columns = new HashSet<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            if (in.nextToken() == JsonToken.START_ARRAY) {
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    columns.add(in.getText());
                }
            } else {
                texts.put(name, in.getText());
            }
        }
        String first = texts.get("first");
        StoreOptions.Limit limit = new StoreOptions.Limit(
                Optional.ofNullable(texts.get("only")),
                first == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(first)));
        return new RecomputeRequest(
                Integer.parseInt(texts.getOrDefault("generation", "")),
                columns,
                limit,
                texts.getOrDefault("run", ""),
                Instant.parse(texts.getOrDefault("since", "")));
    }

    /** Replaces the file. When this method returns, it survives a power failure. */
    public static void write(Path directory, Recomputations state) throws IOException {
        Path pending = directory.resolve(PartDirectory.PENDING);
        PartDirectory.create(pending);
        Path temporary = pending.resolve("recompute" + PartDirectory.UNPUBLISHED);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(bytes(state));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        PartDirectory.force(directory);
    }

    private static byte[] bytes(Recomputations state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("format", FORMAT);
            out.writeNumberField("last", state.last());
            out.writeObjectFieldStart("required");
            for (Map.Entry<String, Integer> column : state.required().entrySet()) {
                out.writeNumberField(column.getKey(), column.getValue());
            }
            out.writeEndObject();
            out.writeArrayFieldStart("requests");
            for (RecomputeRequest request : state.requests()) {
                write(out, request);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, RecomputeRequest request) throws IOException {
        out.writeStartObject();
        out.writeNumberField("generation", request.generation());
        out.writeArrayFieldStart("columns");
        for (String column : request.columns()) {
            out.writeString(column);
        }
        out.writeEndArray();
        if (request.limit().only().isPresent()) {
            out.writeStringField("only", request.limit().only().get());
        }
        if (request.limit().first().isPresent()) {
            out.writeNumberField("first", request.limit().first().getAsLong());
        }
        out.writeStringField("run", request.run());
        out.writeStringField("since", request.since().toString());
        out.writeEndObject();
    }
}
