package org.rowmill.store.keys;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.ParquetTypes;
import org.rowmill.store.parts.Part;

/** Computes keys of indices, and reads the keys of a part from its index columns, without assembling rows. */
public final class KeyScan {

    private interface ValueReader {
        Object read(ColumnReader column);
    }

    private final TableSchema table;
    private final MessageCodec codec;
    private final MessageType requested;
    private final List<ValueReader> readers = new ArrayList<>();

    /**
     * Makes a scan for a table.
     *
     * @param schema the schema of the table; only its index is used
     */
    public KeyScan(TableSchema schema) {
        table = new TableSchema(schema.table(), schema.index(), List.of());
        codec = new MessageCodec("", List.of(table));
        requested = ParquetTypes.message(table);
        for (TableSchema.IndexField field : table.index()) {
            readers.add(reader((ColumnType.Scalar) field.type()));
        }
    }

    /** Computes the key of an index. */
    public IndexKey key(List<Object> index) {
        return IndexKey.of(codec.encodeIndex(table, index));
    }

    /** Visits the keys of a part in the order of its rows. */
    public void visit(Part part, Consumer<IndexKey> visitor) throws DamagedPart {
        find(part, key -> {
            visitor.accept(key);
            return false;
        });
    }

    /** Whether a part contains a key that matches. */
    public boolean find(Part part, Predicate<IndexKey> matches) throws DamagedPart {
        try (ParquetFileReader reader = part.open()) {
            reader.setRequestedSchema(requested);
            for (int i = part.groups().first(); i < part.groups().end(); i++) {
                PageReadStore pages = reader.readRowGroup(i);
                if (find(pages, reader.getFileMetaData().getCreatedBy(), matches)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            throw new DamagedPart(part, e);
        }
    }

    private boolean find(PageReadStore pages, String createdBy, Predicate<IndexKey> matches) {
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(pages, new NoConverters(), requested, createdBy);
        ColumnReader[] columns =
                requested.getColumns().stream().map(store::getColumnReader).toArray(ColumnReader[]::new);
        Object[] index = new Object[columns.length];
        List<Object> list = Arrays.asList(index);
        for (long left = pages.getRowCount(); left > 0; left--) {
            for (int i = 0; i < columns.length; i++) {
                index[i] = readers.get(i).read(columns[i]);
                columns[i].consume();
            }
            if (matches.test(key(list))) {
                return true;
            }
        }
        return false;
    }

    private static ValueReader reader(ColumnType.Scalar type) {
        return switch (type) {
            case BOOLEAN -> ColumnReader::getBoolean;
            case INT -> ColumnReader::getInteger;
            case LONG -> ColumnReader::getLong;
            case FLOAT -> ColumnReader::getFloat;
            case DOUBLE -> ColumnReader::getDouble;
            case STRING, ENUM, PATH -> column -> column.getBinary().toStringUsingUTF8();
            case BYTES -> column -> column.getBinary().getBytes();
            case INSTANT -> column -> Instant.EPOCH.plus(column.getLong(), ChronoUnit.MICROS);
            case DATE -> column -> LocalDate.ofEpochDay(column.getInteger());
            case DURATION -> column -> Duration.ofNanos(column.getLong());
            case DECIMAL ->
                column -> new BigDecimal(new BigInteger(column.getBinary().getBytes()), ColumnType.DECIMAL_SCALE);
        };
    }

    /** Does nothing. Column readers require converters, although the values are read directly. */
    private static final class NoConverters extends GroupConverter {
        @Override
        public Converter getConverter(int field) {
            return new PrimitiveConverter() {};
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
