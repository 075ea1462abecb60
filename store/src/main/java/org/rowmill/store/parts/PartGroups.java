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
 * Writes rows in groups, each group to its own parts. Rows with different columns are in different groups, because a
 * footer says for the whole part whether it has a column. Each group has an open file and uses memory until
 * {@link #finish}; the caller limits their number. Closing drops unpublished rows.
 *
 * @param <K> what the rows of a group have in common; it has {@code equals} and {@code hashCode}
 */
public final class PartGroups<K> implements AutoCloseable {

    private static final long ROWS_PER_PART = 1_000_000;
    private static final long BYTES_PER_PART = 256L << 20;

    /**
     * Size of a row group, which is in memory for each open file. The first few files have large ones, the others
     * small.
     */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private static final long SMALL_ROW_GROUP_BYTES = 1L << 20;
    private static final int LARGE_OPEN = 4;

    private final PartDirectory directory;
    private final Function<K, PartFooter> footers;
    private final Map<K, PartFileWriter> open = new LinkedHashMap<>();
    private final Map<K, List<PartFileWriter>> finished = new LinkedHashMap<>();

    /**
     * Makes an empty set of groups.
     *
     * @param directory receives the parts
     * @param footers makes the footer of a group
     */
    public PartGroups(PartDirectory directory, Function<K, PartFooter> footers) {
        this.directory = directory;
        this.footers = footers;
    }

    /**
     * Writes a row.
     *
     * @param group the group of the row
     * @param index stored values of the index
     * @param values stored values of the columns of the footer
     */
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
            finish(group, writer);
            open.remove(group);
        }
    }

    private void finish(K group, PartFileWriter writer) throws IOException {
        writer.finish();
        finished.computeIfAbsent(group, newGroup -> new ArrayList<>()).add(writer);
    }

    /** Completes all open files and forces them to the disk. If the disk is full, this method fails, not publishing. */
    public void finish() throws IOException {
        for (Iterator<Map.Entry<K, PartFileWriter>> writers = open.entrySet().iterator(); writers.hasNext(); ) {
            Map.Entry<K, PartFileWriter> writer = writers.next();
            finish(writer.getKey(), writer.getValue());
            writers.remove();
        }
    }

    /** Hands over the finished files of each group, under their temporary names. The caller deletes them. */
    public Map<K, List<Part>> takeFinished() {
        Map<K, List<Part>> parts = new LinkedHashMap<>();
        finished.forEach((group, writers) -> parts.put(
                group,
                writers.stream().map(writer -> writer.part(writer.file(), 0)).toList()));
        finished.clear();
        return parts;
    }

    /**
     * Publishes all rows that were written, or none. The caller then calls {@link PartDirectory#force}.
     *
     * @param isHidden whether other readers must not see them
     */
    public List<Part> publish(boolean isHidden) throws IOException {
        finish();
        return directory.publish(
                finished.values().stream().flatMap(List::stream).toList(), isHidden);
    }

    @Override
    public void close() throws IOException {
        for (PartFileWriter writer : open.values()) {
            writer.close();
        }
        for (List<PartFileWriter> writers : finished.values()) {
            for (PartFileWriter writer : writers) {
                Files.deleteIfExists(writer.file());
            }
        }
    }
}
