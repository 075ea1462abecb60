package org.rowmill.store.parts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/**
 * What a part says of itself, in its Parquet footer under {@link #KEY}: enough to tell a null value from one that was not
 * computed, and which code computed it.
 *
 * @param table name of the table
 * @param run id of the run that wrote the part
 * @param codeHash hash of that run's project code
 * @param index the columns that hold the index
 * @param columns the value columns, all that the part's schema has
 */
public record PartFooter(
        String table, String run, String codeHash, List<TableSchema.IndexField> index, List<StoredColumn> columns) {

    static final String KEY = "rowmill";

    private static final int FORMAT = 1;
    private static final JsonFactory JSON = new JsonFactory();

    public PartFooter {
        Objects.requireNonNull(table);
        Objects.requireNonNull(run);
        Objects.requireNonNull(codeHash);
        index = List.copyOf(index);
        columns = List.copyOf(columns);
    }

    /**
     * A value column of a part.
     *
     * @param field the column as it was when the values were computed
     * @param present whether all rows of the part have it; otherwise none has
     */
    public record StoredColumn(TableSchema.ColumnField field, boolean present) {}

    /** The column of that name, where the part has values of it. */
    @Nullable
    public StoredColumn present(String name) {
        for (StoredColumn column : columns) {
            if (column.field().name().equals(name)) {
                return column.present() ? column : null;
            }
        }
        return null;
    }

    public TableSchema schema() {
        return new TableSchema(
                table, index, columns.stream().map(StoredColumn::field).toList());
    }

    public String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("format", FORMAT);
            out.writeStringField("table", table);
            out.writeStringField("run", run);
            out.writeStringField("code", codeHash);
            out.writeArrayFieldStart("index");
            for (TableSchema.IndexField field : index) {
                out.writeStartObject();
                out.writeStringField("name", field.name());
                out.writeStringField("type", field.type().text());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("columns");
            for (StoredColumn column : columns) {
                writeColumn(out, column);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private static void writeColumn(JsonGenerator out, StoredColumn column) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", column.field().name());
        out.writeStringField("type", column.field().type().text());
        out.writeNumberField("version", column.field().version());
        out.writeStringField("code", column.field().code());
        out.writeBooleanField("present", column.present());
        out.writeEndObject();
    }

    /** Reads what {@link #toJson} wrote; fields that it does not know are skipped. */
    public static PartFooter parse(String json) throws IOException {
        Map<String, String> texts = new HashMap<>();
        List<TableSchema.IndexField> index = new ArrayList<>();
        List<StoredColumn> columns = new ArrayList<>();
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                if (in.nextToken() != JsonToken.START_ARRAY) {
                    texts.put(name, in.getText());
                    in.skipChildren();
                    continue;
                }
                while (in.nextToken() == JsonToken.START_OBJECT) {
                    Map<String, String> fields = readObject(in);
                    if (name.equals("index")) {
                        index.add(new TableSchema.IndexField(fields.get("name"), type(fields)));
                    } else if (name.equals("columns")) {
                        columns.add(column(fields));
                    }
                }
            }
        } catch (NullPointerException | IllegalArgumentException e) {
            throw new IOException("metadata " + KEY + " of the footer: " + json, e);
        }
        if (!Integer.toString(FORMAT).equals(texts.get("format"))) {
            throw new IOException("part format " + FORMAT + " was expected, not " + texts.get("format")
                    + "; a newer Rowmill may have written it");
        }
        if (index.isEmpty() || !texts.keySet().containsAll(List.of("table", "run", "code"))) {
            throw new IOException("metadata " + KEY + " of the footer: " + json);
        }
        return new PartFooter(texts.get("table"), texts.get("run"), texts.get("code"), index, columns);
    }

    private static Map<String, String> readObject(JsonParser in) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            fields.put(name, in.getText());
            in.skipChildren();
        }
        return fields;
    }

    private static StoredColumn column(Map<String, String> fields) {
        int version = Integer.parseInt(fields.get("version"));
        return new StoredColumn(
                new TableSchema.ColumnField(fields.get("name"), type(fields), version, fields.get("code")),
                Boolean.parseBoolean(fields.get("present")));
    }

    private static ColumnType type(Map<String, String> fields) {
        return ColumnType.parse(fields.get("type"));
    }
}
