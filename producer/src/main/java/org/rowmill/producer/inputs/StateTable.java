package org.rowmill.producer.inputs;

import org.jspecify.annotations.Nullable;
import org.rowmill.store.keys.IndexKey;

/**
 * The states of the input files of many rows: a hash table of primitive arrays, about 36 bytes for each row with one
 * file. Only 64 bits of a key are compared: the probability that two of 10 million rows are confused is 10^-6.
 * Used by one thread at a time.
 */
final class StateTable {

    private static final int FIRST_CAPACITY = 1 << 10;

    private final int files;
    private long[] keys = new long[FIRST_CAPACITY];
    private long[] values;
    private int size;

    /**
     * Makes an empty table.
     *
     * @param files number of files of each row
     */
    StateTable(int files) {
        this.files = files;
        this.values = new long[FIRST_CAPACITY * 2 * files];
    }

    int size() {
        return size;
    }

    /** Returns the states of the files of a row; null if they are not known. */
    FileState @Nullable [] get(IndexKey key) {
        int slot = slot(keys, used(key));
        if (keys[slot] == 0) {
            return null;
        }
        FileState[] states = new FileState[files];
        for (int i = 0; i < files; i++) {
            int at = 2 * (slot * files + i);
            states[i] = new FileState(values[at], values[at + 1]);
        }
        return states;
    }

    void put(IndexKey key, FileState[] states) {
        if (size >= keys.length - keys.length / 3) {
            grow();
        }
        int slot = slot(keys, used(key));
        if (keys[slot] == 0) {
            keys[slot] = used(key);
            size++;
        }
        for (int i = 0; i < files; i++) {
            int at = 2 * (slot * files + i);
            values[at] = states[i].stamp();
            values[at + 1] = states[i].content();
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[oldKeys.length + oldKeys.length / 2];
        values = new long[keys.length * 2 * files];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                System.arraycopy(oldValues, i * 2 * files, values, slot * 2 * files, 2 * files);
            }
        }
    }

    /** A free slot has the key 0. */
    private static long used(IndexKey key) {
        return key.low() == 0 ? 1 : key.low();
    }

    private static int slot(long[] keys, long key) {
        int slot = (int) (((key >>> Integer.SIZE) * keys.length) >>> Integer.SIZE);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 == keys.length ? 0 : slot + 1;
        }
        return slot;
    }
}
