package org.rowmill.benchmarks;

import java.util.BitSet;

/** Checks that no row comes back twice. As many rows as were sent are then all of them. Used by one thread. */
final class ArrivedRows {

    private final int rows;
    private final BitSet arrived;

    /**
     * Expects all rows from 0.
     *
     * @param rows number of rows
     */
    ArrivedRows(int rows) {
        this.rows = rows;
        this.arrived = new BitSet(rows);
    }

    /**
     * Adds a row.
     *
     * @throws IllegalStateException if it was not sent, or has arrived before
     */
    void add(int row) {
        if (row < 0 || row >= rows) {
            throw new IllegalStateException("a row from 0 to " + (rows - 1) + " was expected, not " + row);
        }
        if (arrived.get(row)) {
            throw new IllegalStateException("row " + row + " came back twice");
        }
        arrived.set(row);
    }
}
