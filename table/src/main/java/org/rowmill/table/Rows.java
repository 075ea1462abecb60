package org.rowmill.table;

import java.util.List;
import java.util.stream.Stream;

/**
 * The stored rows of a table. Reading streams from disk: a table larger than memory is no problem. Each call of
 * {@link #stream()} reads anew.
 *
 * @param <I> the table's index type
 */
public interface Rows<I> {

    /**
     * How many rows there are.
     *
     * @return the number, each index counted once
     */
    long count();

    /**
     * Names of the columns, in the order of the file.
     *
     * @return without those of the index
     */
    List<String> columns();

    /**
     * All rows, in the order of the files. Close it when it is not read to its end.
     *
     * @return a sequential stream
     */
    Stream<Row<I>> stream();
}
