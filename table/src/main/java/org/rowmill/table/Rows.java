package org.rowmill.table;

import java.util.List;
import java.util.stream.Stream;

/**
 * The stored rows of a table. They are read from disk when they are needed, so a table can be larger than memory.
 *
 * <pre>{@code
 * try (Stream<Row<Path>> all = rows.stream()) {
 *     out.println(all.mapToLong(row -> row.getLong("line_count")).sum() + " lines");
 * }
 * }</pre>
 *
 * @param <I> index type of the table
 */
public interface Rows<I> {

    /**
     * Returns the number of rows.
     *
     * @return the number; each index counts once
     */
    long count();

    /**
     * Returns the names of the columns in the order of the file.
     *
     * @return names without those of the index
     */
    List<String> columns();

    /**
     * Reads all rows in the order of the files. Each call reads them again. Close the stream unless you read it to its
     * end.
     *
     * @return a sequential stream
     */
    Stream<Row<I>> stream();
}
