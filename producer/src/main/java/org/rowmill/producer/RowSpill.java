package org.rowmill.producer;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.MessageCodec;
import org.rowmill.schemas.RowMessage;
import org.rowmill.schemas.TableSchema;

/** Rows set aside on disk, in buckets by their keys. The files have no names, so that nothing is left of a run that dies. */
final class RowSpill implements AutoCloseable {

    private static final int BUFFER_BYTES = 16 << 10;

    interface Visitor {
        void visit(int source, List<Object> index, @Nullable Object[] values);
    }

    private final MessageCodec codec;
    private final int columns;
    private final List<FileChannel> channels = new ArrayList<>();
    private final List<DataOutputStream> outputs = new ArrayList<>();

    RowSpill(Path directory, TableSchema schema, int buckets) throws IOException {
        codec = new MessageCodec("", List.of(schema));
        columns = schema.columns().size();
        try {
            for (int i = 0; i < buckets; i++) {
                Path file = directory.resolve("rows-" + ProcessHandle.current().pid() + "-" + System.identityHashCode(this)
                        + "-" + i + PartDirectory.UNPUBLISHED);
                FileChannel channel = FileChannel.open(
                        file,
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

    void add(int source, List<Object> index, IndexKey key, BitSet read, @Nullable Object[] values) throws IOException {
        Map<Integer, @Nullable Object> known = new HashMap<>();
        read.stream().forEach(column -> known.put(column, values[column]));
        byte[] body = codec.encode(new RowMessage(0, 0, 1, index, List.of(), known));
        DataOutputStream out = outputs.get((int) Long.remainderUnsigned(key.high(), outputs.size()));
        out.writeInt(source);
        out.writeInt(body.length);
        out.write(body);
    }

    /** Visits the rows of a bucket in the order in which they were added. */
    void visit(int bucket, Visitor visitor) throws IOException {
        outputs.get(bucket).flush();
        FileChannel channel = channels.get(bucket).position(0);
        DataInputStream in =
                new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
        for (long left = channel.size(); left > 0; ) {
            int source = in.readInt();
            byte[] body = new byte[in.readInt()];
            in.readFully(body);
            left -= 2 * Integer.BYTES + body.length;
            RowMessage row = codec.decodeRow(body);
            @Nullable Object[] values = new Object[columns];
            row.known().forEach((column, value) -> values[column] = value);
            visitor.visit(source, row.index(), values);
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels) {
            channel.close();
        }
    }
}
