package org.rowmill.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.rowmill.schemas.TableSchema;

/** One table's directory: its parts, its failed rows, its lock. One thread at a time. */
final class TableStore implements AutoCloseable {

    /**
     * Opens a table for a run; makes the directory where there is none.
     *
     * @param directory the table's directory
     * @param schema what the class stores now
     * @param options of the run
     * @return the store, locked
     * @throws org.rowmill.schemas.WrongInput when another run has it, the stored columns do not fit, a part cannot be
     *     read, or the directory cannot be written
     */
    static TableStore open(Path directory, TableSchema schema, StoreOptions options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a table to look at it; takes no lock.
     *
     * @param directory the table's directory
     * @param ignoreBrokenParts go on without the parts that cannot be read
     * @return the store; its schema is what is stored
     * @throws org.rowmill.schemas.WrongInput when there is no table, or a part cannot be read
     */
    static TableStore openReadOnly(Path directory, boolean ignoreBrokenParts) {
        throw new UnsupportedOperationException();
    }

    /**
     * What the table stores.
     *
     * @return the current class's columns first, then those that only older parts have
     */
    TableSchema schema() {
        throw new UnsupportedOperationException();
    }

    /**
     * What a person should know, though the run goes on.
     *
     * @return one line each
     */
    List<String> warnings() {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads the indices of all rows.
     *
     * @return the rows and their columns
     */
    StoredKeys readKeys() {
        throw new UnsupportedOperationException();
    }

    /**
     * The table's files.
     *
     * @return oldest first
     */
    List<PartInfo> parts() {
        throw new UnsupportedOperationException();
    }

    /**
     * The rows, each index once, newest values. Holds few of them in memory, however many there are.
     *
     * @param columns names of the columns to read; empty: the index only
     * @param all read every column
     * @return to be closed
     */
    Stream<StoredRow> rows(Set<String> columns, boolean all) {
        throw new UnsupportedOperationException();
    }

    /**
     * How many rows there are.
     *
     * @return each index counted once
     */
    long rowCount() {
        throw new UnsupportedOperationException();
    }

    /**
     * The rows that failed, newest first, each index once.
     *
     * @return to be closed
     */
    Stream<FailedRow> failedRows() {
        throw new UnsupportedOperationException();
    }

    /**
     * A writer for this run.
     *
     * @return to be closed before the store
     */
    PartWriter writer() {
        throw new UnsupportedOperationException();
    }

    /**
     * Tidies up at the end of a run: each row stands in one part only, small parts are joined, failures that are no more
     * are dropped. Where it fails the table is as right as before.
     *
     * @param resolved failed rows that are done, or failed anew, in this run
     * @throws IOException when the disk is full, for one
     */
    void settle(Predicate<IndexKey> resolved) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Releases the lock. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
