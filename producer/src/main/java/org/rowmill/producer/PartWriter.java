package org.rowmill.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows not yet published. One thread at a time. */
final class PartWriter implements AutoCloseable {

    /**
     * Adds a row or columns of a row.
     *
     * @param index stored values of the index
     * @param values stored values by number of the column in the current class's schema
     */
    void add(List<Object> index, Map<Integer, @Nullable Object> values) {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds a row that failed.
     *
     * @param row why
     */
    void addFailed(FailedRow row) {
        throw new UnsupportedOperationException();
    }

    /**
     * How much there is to publish.
     *
     * @return number of rows, failed ones included
     */
    int rows() {
        throw new UnsupportedOperationException();
    }

    /**
     * How much there is to publish.
     *
     * @return about that many bytes of memory
     */
    long bytes() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes the rows part of the table. When this returns they survive a power failure.
     *
     * @return the new parts
     * @throws IOException when they cannot be written; the rows are kept and no part of them is published
     */
    List<Path> publish() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Drops what is not published. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
