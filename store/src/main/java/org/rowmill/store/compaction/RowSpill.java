package org.rowmill.store.compaction;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.parts.PartColumns;
import org.rowmill.store.parts.PartDirectory;

/**
 * Temporary files of rows to join, in buckets by key. The files are deleted as soon as they are open, so that a killed
 * run leaves none.
 */
final class RowSpill implements AutoCloseable {

    private static final int BUFFER_BYTES = 16 << 10;

    interface Visitor {
        void visit(int source, List<Object> index, IndexKey key, @Nullable Object[] values);
    }

    private final TableSchema schema;
    private final List<PartColumns> parts;
    private final List<FileChannel> channels = new ArrayList<>();
    private final List<DataOutputStream> outputs = new ArrayList<>();
    private final long[] rows;

    /**
     * Opens the files.
     *
     * @param directory directory of the files
     * @param schema the schema of the store
     * @param parts the parts from which the rows come
     * @param buckets number of buckets
     */
    RowSpill(Path directory, TableSchema schema, List<PartColumns> parts, int buckets) throws IOException {
        this.schema = schema;
        this.parts = parts;
        this.rows = new long[buckets];
        try {
            for (int i = 0; i < buckets; i++) {
                FileChannel channel = FileChannel.open(
                        directory.resolve("rows-" + UUID.randomUUID() + PartDirectory.UNPUBLISHED),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
                channels.add(channel);
                outputs.add(new DataOutputStream(
                        new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void add(int source, List<Object> index, IndexKey key, @Nullable Object[] values) throws IOException {
        int bucket = (int) Long.remainderUnsigned(key.high(), rows.length);
        DataOutputStream out = outputs.get(bucket);
        out.writeInt(source);
        out.writeLong(key.high());
        out.writeLong(key.low());
        for (int i = 0; i < index.size(); i++) {
            SpilledValues.write(out, schema.index().get(i).type(), index.get(i));
        }
        BitSet read = parts.get(source).read();
        for (int i = read.nextSetBit(0); i >= 0; i = read.nextSetBit(i + 1)) {
            SpilledValues.write(out, schema.columns().get(i).type(), values[i]);
        }
        rows[bucket]++;
    }

    /** Visits the rows of a bucket in the order in which they were added. */
    void visit(int bucket, Visitor visitor) throws IOException {
        outputs.get(bucket).flush();
        FileChannel channel = channels.get(bucket).position(0);
        DataInputStream in =
                new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
        for (long left = rows[bucket]; left > 0; left--) {
            int source = in.readInt();
            IndexKey key = new IndexKey(in.readLong(), in.readLong());
            List<Object> index = new ArrayList<>();
            for (TableSchema.IndexField field : schema.index()) {
                Object value = SpilledValues.read(in, field.type());
                if (value == null) {
                    throw new IOException("a row in a temporary file has no index");
                }
                index.add(value);
            }
            @Nullable Object[] values = new Object[schema.columns().size()];
            BitSet read = parts.get(source).read();
            for (int i = read.nextSetBit(0); i >= 0; i = read.nextSetBit(i + 1)) {
                values[i] = SpilledValues.read(in, schema.columns().get(i).type());
            }
            visitor.visit(source, index, key, values);
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels) {
            channel.close();
        }
    }
}
