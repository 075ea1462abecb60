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

/** Reads the keys of a part's rows: its index columns, without making records of them. */
public final class KeyScan {

    private interface ValueReader {
        Object read(ColumnReader column);
    }

    private final TableSchema table;
    private final MessageCodec codec;
    private final MessageType requested;
    private final List<ValueReader> readers = new ArrayList<>();

    public KeyScan(TableSchema schema) {
        table = new TableSchema(schema.table(), schema.index(), List.of());
        codec = new MessageCodec("", List.of(table));
        requested = ParquetTypes.message(table);
        for (TableSchema.IndexField field : table.index()) {
            readers.add(reader((ColumnType.Scalar) field.type()));
        }
    }

    /** The key of an index. */
    public IndexKey key(List<Object> index) {
        return IndexKey.of(codec.encodeIndex(table, index));
    }

    /** Visits the keys in the order of the rows. */
    public void visit(Part part, Consumer<IndexKey> visitor) throws DamagedPart {
        find(part, key -> {
            visitor.accept(key);
            return false;
        });
    }

    /** Whether a part has a key that fits. */
    public boolean find(Part part, Predicate<IndexKey> fits) throws DamagedPart {
        try (ParquetFileReader reader = Part.open(part.file())) {
            reader.setRequestedSchema(requested);
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                if (find(pages, reader.getFileMetaData().getCreatedBy(), fits)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            throw new DamagedPart(part, e);
        }
    }

    private boolean find(PageReadStore pages, String createdBy, Predicate<IndexKey> fits) {
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(pages, new Ignored(), requested, createdBy);
        ColumnReader[] columns =
                requested.getColumns().stream().map(store::getColumnReader).toArray(ColumnReader[]::new);
        Object[] index = new Object[columns.length];
        List<Object> list = Arrays.asList(index);
        for (long left = pages.getRowCount(); left > 0; left--) {
            for (int i = 0; i < columns.length; i++) {
                index[i] = readers.get(i).read(columns[i]);
                columns[i].consume();
            }
            if (fits.test(key(list))) {
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

    /** Column readers ask for converters, though values are fetched from them here. */
    private static final class Ignored extends GroupConverter {
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
