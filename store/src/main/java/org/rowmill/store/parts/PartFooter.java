package org.rowmill.store.parts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.rowmill.schemas.model.CodeHash;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/**
 * Metadata of a part, stored in its Parquet footer under {@link #KEY}. It distinguishes null values from values that
 * were not computed, and identifies the code that computed the values.
 *
 * @param table name of the table
 * @param run id of the run that wrote the part
 * @param codeHash hash of the project code of that run
 * @param index the columns of the index
 * @param columns all value columns of the part
 */
public record PartFooter(
        String table, String run, String codeHash, List<TableSchema.IndexField> index, List<StoredColumn> columns) {

    static final String KEY = "rowmill";

    /** Prefix of the fields of a column that contain hashes of files. */
    private static final String FILE = "file ";

    private static final int FORMAT = 1;

    /** Format of a part that has several sections. Earlier versions read only format 1. */
    private static final int SECTIONS_FORMAT = 2;

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
     * @param field the column when its values were computed
     * @param present whether all rows of the part have a value; otherwise none has
     * @param generation number of the last request to compute the column again that the values follow; 0: none
     */
    public record StoredColumn(TableSchema.ColumnField field, boolean present, int generation) {
        /** Makes a column that was never requested again. */
        public StoredColumn(TableSchema.ColumnField field, boolean present) {
            this(field, present, 0);
        }
    }

    /**
     * Makes the footer of a part that a run writes.
     *
     * @param schema the table and its index
     * @param options options of the run
     * @param columns the value columns
     */
    public static PartFooter of(TableSchema schema, StoreOptions options, List<StoredColumn> columns) {
        return new PartFooter(schema.table(), options.run(), options.codeHash(), schema.index(), columns);
    }

    /** Returns a footer of rows that have only these columns. */
    public PartFooter withPresent(BitSet present) {
        List<StoredColumn> some = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            some.add(new StoredColumn(
                    columns.get(i).field(), present.get(i), columns.get(i).generation()));
        }
        return new PartFooter(table, run, codeHash, index, some);
    }

    /** Finds a column by name. Empty if the part has no values of it. */
    public Optional<StoredColumn> present(String name) {
        for (StoredColumn column : columns) {
            if (column.field().name().equals(name)) {
                return column.present() ? Optional.of(column) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Returns the schema of the part. */
    public TableSchema schema() {
        return new TableSchema(
                table, index, columns.stream().map(StoredColumn::field).toList());
    }

    /** Writes the footer as JSON. */
    public String toJson() {
        return toJson(FORMAT);
    }

    /** Writes the footer of the first of several sections as JSON, which earlier versions refuse to read. */
    String toSectionsJson() {
        return toJson(SECTIONS_FORMAT);
    }

    private String toJson(int format) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("format", format);
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
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return text.toString();
    }

    private static void writeColumn(JsonGenerator out, StoredColumn column) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", column.field().name());
        out.writeStringField("type", column.field().type().text());
        out.writeNumberField("version", column.field().version());
        CodeHash code = column.field().code();
        out.writeStringField("code", code.method());
        if (!code.reachable().isEmpty()) {
            out.writeStringField("reachable", code.reachable());
        }
        for (Map.Entry<String, String> file : code.files().entrySet()) {
            out.writeStringField(FILE + file.getKey(), file.getValue());
        }
        out.writeBooleanField("present", column.present());
        if (column.generation() > 0) {
            out.writeNumberField("generation", column.generation());
        }
        out.writeEndObject();
    }

    /**
     * Reads JSON that {@link #toJson} wrote. Skips unknown fields.
     *
     * @throws IOException if fields are missing, or the format is unknown
     */
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
                        index.add(new TableSchema.IndexField(required(fields, "name"), type(fields)));
                    } else if (name.equals("columns")) {
                        columns.add(column(fields));
                    }
                }
            }
            return checked(texts, index, columns);
        } catch (IllegalArgumentException e) {
            throw new IOException("metadata " + KEY + " of the footer: " + json, e);
        }
    }

    private static PartFooter checked(
            Map<String, String> texts, List<TableSchema.IndexField> index, List<StoredColumn> columns)
            throws IOException {
        String format = texts.get("format");
        if (!Integer.toString(FORMAT).equals(format)
                && !Integer.toString(SECTIONS_FORMAT).equals(format)) {
            throw new IOException("part format " + FORMAT + " or " + SECTIONS_FORMAT + " was expected, not " + format
                    + "; a newer Rowmill may have written it");
        }
        if (index.isEmpty()) {
            throw new IllegalArgumentException("the index has no column");
        }
        return new PartFooter(
                required(texts, "table"), required(texts, "run"), required(texts, "code"), index, columns);
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
        int version = Integer.parseInt(required(fields, "version"));
        return new StoredColumn(
                new TableSchema.ColumnField(required(fields, "name"), type(fields), version, code(fields)),
                Boolean.parseBoolean(fields.get("present")),
                Integer.parseInt(fields.getOrDefault("generation", "0")));
    }

    private static CodeHash code(Map<String, String> fields) {
        Map<String, String> files = new HashMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(FILE)) {
                files.put(name.substring(FILE.length()), value);
            }
        });
        return new CodeHash(required(fields, "code"), fields.getOrDefault("reachable", ""), files);
    }

    private static ColumnType type(Map<String, String> fields) {
        return ColumnType.parse(required(fields, "type"));
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }
}
