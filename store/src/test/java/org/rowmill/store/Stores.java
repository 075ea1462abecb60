package org.rowmill.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.parts.StoreOptions;

/** Schemas, rows and stores for tests. */
public final class Stores {

    public static final StoreOptions PLAIN = options("run1");

    private Stores() {}

    public static StoreOptions options(String run) {
        return new StoreOptions(false, Set.of(), run, "c0de");
    }

    static StoreOptions recompute(String run, String... columns) {
        return new StoreOptions(false, Set.of(columns), run, "c0de");
    }

    public static TableSchema.ColumnField column(String name, ColumnType type) {
        return column(name, type, 1);
    }

    public static TableSchema.ColumnField column(String name, ColumnType type, int version) {
        return new TableSchema.ColumnField(name, type, version, "abc");
    }

    /** Makes the schema of a table with a long index. */
    public static TableSchema schema(TableSchema.ColumnField... columns) {
        return new TableSchema("Samples", List.of(new TableSchema.IndexField("index", Scalar.LONG)), List.of(columns));
    }

    public static TableSchema longs(String... columns) {
        return schema(
                Stream.of(columns).map(name -> column(name, Scalar.LONG)).toArray(TableSchema.ColumnField[]::new));
    }

    public static List<Object> index(long index) {
        return List.of(index);
    }

    public static IndexKey key(long index) {
        TableSchema schema = longs();
        return IndexKey.of(new MessageCodec("", List.of(schema)).encodeIndex(schema, index(index)));
    }

    public static Map<Integer, @Nullable Object> values(@Nullable Object... values) {
        Map<Integer, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put(i, values[i]);
        }
        return map;
    }

    static BitSet bits(int... columns) {
        BitSet bits = new BitSet();
        Arrays.stream(columns).forEach(bits::set);
        return bits;
    }

    public static FailedRow failure(long index, String message) {
        return new FailedRow(index(index), "a", "java.io.IOException", message, "at A.a(A.java:1)", "head", 1);
    }

    /**
     * Publishes rows {@code from} to {@code to} in one part. The value of each column is the index times the factor.
     */
    public static void publish(
            Path directory, TableSchema schema, StoreOptions options, long from, long to, long factor)
            throws IOException {
        try (TableStore store = TableOpening.open(directory, schema, options);
                PartWriter writer = store.writer()) {
            addRows(writer, schema, from, to, factor);
            writer.publish();
        }
    }

    /** Adds a row that no part has. */
    public static void addNew(PartWriter writer, long index, Map<Integer, @Nullable Object> values) {
        writer.add(key(index), index(index), values, true);
    }

    static void addRows(PartWriter writer, TableSchema schema, long from, long to, long factor) {
        for (long i = from; i < to; i++) {
            addNew(
                    writer,
                    i,
                    values(Collections.nCopies(schema.columns().size(), i * factor)
                            .toArray()));
        }
    }

    /** Reads all rows by index. An absent value is shown as "absent". */
    public static Map<Object, List<@Nullable Object>> all(TableStore store) {
        Map<Object, List<@Nullable Object>> rows = new HashMap<>();
        try (Stream<StoredRow> stream = store.rows(Set.of(), true)) {
            stream.forEach(row -> {
                if (rows.put(row.index().get(0), shown(row)) != null) {
                    throw new AssertionError("the row is there twice: " + row.index());
                }
            });
        }
        return rows;
    }

    /** Shows absent values as "absent", so that they differ from null. */
    private static List<@Nullable Object> shown(StoredRow row) {
        List<@Nullable Object> shown = new ArrayList<>();
        for (int i = 0; i < row.values().length; i++) {
            shown.add(row.present().get(i) ? row.values()[i] : "absent");
        }
        return shown;
    }

    public static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
