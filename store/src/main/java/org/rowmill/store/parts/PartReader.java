package org.rowmill.store.parts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/** Reads the rows of one part. One row group is in memory. */
public final class PartReader implements AutoCloseable {

    private final Part part;
    private final ParquetFileReader reader;
    private final MessageColumnIO columns;
    private final RowMaterializer rows;
    private final int indexSize;
    private @Nullable RecordReader<@Nullable Object[]> group;
    private int nextGroup;
    private long left;
    private @Nullable Object[] row = {};

    /**
     * Opens a part.
     *
     * @param part the part
     * @param schema the schema of the store
     * @param wanted numbers of the columns to read; the part has values for them
     */
    public PartReader(Part part, TableSchema schema, BitSet wanted) throws DamagedPart {
        this.part = part;
        this.nextGroup = part.groups().first();
        this.indexSize = schema.index().size();
        this.rows = new RowMaterializer(schema, wanted);
        try {
            this.reader = part.open();
        } catch (IOException | RuntimeException e) {
            throw new DamagedPart(part, e);
        }
        try {
            TableSchema read = new TableSchema(
                    schema.table(),
                    schema.index(),
                    wanted.stream().mapToObj(schema.columns()::get).toList());
            MessageType requested = ParquetTypes.message(read);
            reader.setRequestedSchema(requested);
            this.columns = new ColumnIOFactory(reader.getFileMetaData().getCreatedBy())
                    .getColumnIO(requested, reader.getFileMetaData().getSchema(), true);
        } catch (RuntimeException e) {
            close();
            throw new DamagedPart(part, e);
        }
    }

    /** Moves to the next row. Returns false after the last one. */
    public boolean next() throws DamagedPart {
        try {
            while (left == 0) {
                if (nextGroup == part.groups().end()) {
                    return false;
                }
                PageReadStore pages = reader.readRowGroup(nextGroup++);
                left = pages.getRowCount();
                group = columns.getRecordReader(pages, rows);
            }
            left--;
            row = group == null ? row : group.read();
            return true;
        } catch (IOException | RuntimeException e) {
            throw new DamagedPart(part, e);
        }
    }

    /** Returns the index of the current row in a new list. */
    public List<Object> index() {
        List<Object> index = new ArrayList<>(indexSize);
        for (int i = 0; i < indexSize; i++) {
            Object value = row[i];
            if (value == null) {
                throw new IllegalStateException(part.file() + ": a row has no index");
            }
            index.add(value);
        }
        return index;
    }

    /** Returns the values of the current row in a new array, by number of the column in the schema of the store. */
    @Nullable
    public Object[] values() {
        return Arrays.copyOfRange(row, indexSize, row.length);
    }

    @Override
    public void close() throws DamagedPart {
        try {
            reader.close();
        } catch (IOException e) {
            throw new DamagedPart(part, e);
        }
    }

    private static final class RowMaterializer extends RecordMaterializer<@Nullable Object[]> {
        private final RowConverter root;

        RowMaterializer(TableSchema schema, BitSet wanted) {
            root = new RowConverter(schema, wanted);
        }

        @Override
        public @Nullable Object[] getCurrentRecord() {
            return root.row;
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }

    private static final class RowConverter extends GroupConverter {
        private final List<Converter> converters = new ArrayList<>();
        private final int size;
        private @Nullable Object[] row = {};

        RowConverter(TableSchema schema, BitSet wanted) {
            int index = schema.index().size();
            size = index + schema.columns().size();
            for (int i = 0; i < index; i++) {
                add(schema.index().get(i).type(), i);
            }
            wanted.stream().forEach(i -> add(schema.columns().get(i).type(), index + i));
        }

        private void add(ColumnType type, int place) {
            converters.add(Converters.of(type, value -> row[place] = value));
        }

        @Override
        public Converter getConverter(int field) {
            return converters.get(field);
        }

        @Override
        public void start() {
            row = new Object[size];
        }

        @Override
        public void end() {}
    }
}
