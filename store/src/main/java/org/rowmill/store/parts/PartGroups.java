package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to parts, those of different columns to different ones, since a part says of each column whether all its
 * rows have it. What is not published when this is closed is dropped. Each group takes an open file and some memory until
 * {@link #finish}: the caller sees to it that they are not too many.
 *
 * @param <K> what rows of one part have in common; has equals and hashCode
 */
public final class PartGroups<K> implements AutoCloseable {

    private static final long ROWS_PER_PART = 1_000_000;
    private static final long BYTES_PER_PART = 256L << 20;

    /** Each open file holds a row group in memory: few groups get large ones, the rest small ones. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private static final long SMALL_ROW_GROUP_BYTES = 1L << 20;
    private static final int LARGE_OPEN = 4;

    private final PartDirectory directory;
    private final Function<K, PartFooter> footers;
    private final Map<K, PartFileWriter> open = new LinkedHashMap<>();
    private final List<PartFileWriter> finished = new ArrayList<>();

    public PartGroups(PartDirectory directory, Function<K, PartFooter> footers) {
        this.directory = directory;
        this.footers = footers;
    }

    public void write(K group, List<Object> index, @Nullable Object[] values) throws IOException {
        PartFileWriter writer = open.get(group);
        if (writer == null) {
            writer = directory.create(
                    footers.apply(group), open.size() < LARGE_OPEN ? ROW_GROUP_BYTES : SMALL_ROW_GROUP_BYTES);
            open.put(group, writer);
        }
        @Nullable Object[] row = new Object[index.size() + values.length];
        index.toArray(row);
        System.arraycopy(values, 0, row, index.size(), values.length);
        writer.write(row);
        if (writer.rows() >= ROWS_PER_PART || writer.bytes() >= BYTES_PER_PART) {
            writer.finish();
            finished.add(writer);
            open.remove(group);
        }
    }

    /** Brings all that was written to the disk: what can go wrong goes wrong here. */
    public void finish() throws IOException {
        for (Iterator<PartFileWriter> writers = open.values().iterator(); writers.hasNext(); ) {
            PartFileWriter writer = writers.next();
            writer.finish();
            finished.add(writer);
            writers.remove();
        }
    }

    /** Makes parts of all that was written, or of nothing. */
    public List<Part> publish() throws IOException {
        finish();
        return directory.publish(finished);
    }

    @Override
    public void close() throws IOException {
        for (PartFileWriter writer : open.values()) {
            writer.close();
        }
        for (PartFileWriter writer : finished) {
            Files.deleteIfExists(writer.file());
        }
    }
}
