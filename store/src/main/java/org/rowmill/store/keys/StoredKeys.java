package org.rowmill.store.keys;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows a table has, and which of their columns. One thread at a time.
 *
 * <p>Open addressing in primitive arrays, 16 bytes a slot and at most 1.9 slots a row, since a head must hold the keys of
 * 10 million rows (a HashSet takes 4 GB). It is cut into segments, so that growing copies little at a time. 96 bits of a
 * key are compared: of 10 million rows two are mistaken for each other with a probability of 10^-15.
 */
public final class StoredKeys {

    private static final int SEGMENTS = 256;
    private static final int STORED = 1;
    private static final int FAILED = 2;
    private static final int LISTED = 4;
    private static final int FLAG_BITS = 3;

    private final Segment[] segments = new Segment[SEGMENTS];
    private final List<BitSet> sets = new ArrayList<>();
    private final Map<BitSet, Integer> numbers = new HashMap<>();
    private long count;
    private int lastFirst;
    private int lastSecond;
    private int lastJoined;

    /**
     * Makes room.
     *
     * @param expected how many keys are likely to come
     */
    public StoredKeys(long expected) {
        int capacity = Math.toIntExact(Math.max(16, expected * 4 / 3 / SEGMENTS + 16));
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment(capacity);
        }
        number(new BitSet());
    }

    /**
     * Whether a row stands in the table.
     *
     * @param key of the row
     * @return whether any part has it
     */
    public boolean contains(IndexKey key) {
        return (state(key) & STORED) != 0;
    }

    /**
     * Which columns a row has.
     *
     * @param key of the row
     * @return numbers of the current class's columns with a value that counts; empty when there is no such row
     */
    public BitSet columns(IndexKey key) {
        return (BitSet) sets.get(state(key) >>> FLAG_BITS).clone();
    }

    /**
     * Whether a row failed.
     *
     * @param key of the row
     * @return whether it has a failure on record
     */
    public boolean failed(IndexKey key) {
        return (state(key) & FAILED) != 0;
    }

    /**
     * Notes that {@code index()} listed a row.
     *
     * @param key of the row
     * @return false when it was listed before
     */
    public boolean markListed(IndexKey key) {
        return (mark(key, LISTED) & LISTED) == 0;
    }

    /**
     * Whether {@code index()} listed a row.
     *
     * @param key of the row
     * @return whether it was marked
     */
    public boolean listed(IndexKey key) {
        return (state(key) & LISTED) != 0;
    }

    /**
     * How many rows stand in the table.
     *
     * @return each index counted once
     */
    public long count() {
        return count;
    }

    public void markFailed(IndexKey key) {
        mark(key, FAILED);
    }

    /** The number by which {@link #add} takes a set of columns. */
    public int number(BitSet columns) {
        return numbers.computeIfAbsent((BitSet) columns.clone(), set -> {
            sets.add(set);
            return sets.size() - 1;
        });
    }

    /** Adds columns to a row; false when the row was there. */
    public boolean add(IndexKey key, int set) {
        Segment segment = segment(key);
        int slot = segment.slot(key);
        int before = segment.states[slot];
        int joined = joined(before >>> FLAG_BITS, set);
        segment.states[slot] = joined << FLAG_BITS | (before & (LISTED | FAILED)) | STORED;
        if ((before & STORED) != 0) {
            return false;
        }
        count++;
        return true;
    }

    private int joined(int first, int second) {
        if (first == second || second == 0) {
            return first;
        }
        if (first != lastFirst || second != lastSecond) {
            lastFirst = first;
            lastSecond = second;
            lastJoined = join(first, second);
        }
        return lastJoined;
    }

    private int join(int first, int second) {
        BitSet both = (BitSet) sets.get(first).clone();
        both.or(sets.get(second));
        return number(both);
    }

    private Segment segment(IndexKey key) {
        return segments[(int) key.high() & SEGMENTS - 1];
    }

    private int state(IndexKey key) {
        Segment segment = segment(key);
        int slot = segment.find(key);
        return slot < 0 ? 0 : segment.states[slot];
    }

    private int mark(IndexKey key, int flag) {
        Segment segment = segment(key);
        int slot = segment.slot(key);
        int before = segment.states[slot];
        segment.states[slot] = before | flag;
        return before;
    }

    /** One table of slots. A slot whose state is 0 is free: a key is added for the sake of one of the flags. */
    private static final class Segment {
        long[] lows;
        int[] highs;
        int[] states;
        int used;

        Segment(int capacity) {
            lows = new long[capacity];
            highs = new int[capacity];
            states = new int[capacity];
        }

        /** The key's slot, or -1 minus the free slot where it belongs. */
        int find(IndexKey key) {
            int high = high(key);
            int slot = home(key.low());
            while (states[slot] != 0) {
                if (lows[slot] == key.low() && highs[slot] == high) {
                    return slot;
                }
                slot = slot + 1 == states.length ? 0 : slot + 1;
            }
            return -1 - slot;
        }

        /** The key's slot, taken now where it had none; the caller sets a flag. */
        int slot(IndexKey key) {
            int slot = find(key);
            if (slot >= 0) {
                return slot;
            }
            if (used >= states.length - states.length / 5) {
                grow();
                slot = find(key);
            }
            slot = -1 - slot;
            lows[slot] = key.low();
            highs[slot] = high(key);
            used++;
            return slot;
        }

        private void grow() {
            Segment larger = new Segment(states.length + states.length / 2);
            for (int i = 0; i < states.length; i++) {
                if (states[i] != 0) {
                    int slot = larger.home(lows[i]);
                    while (larger.states[slot] != 0) {
                        slot = slot + 1 == larger.states.length ? 0 : slot + 1;
                    }
                    larger.lows[slot] = lows[i];
                    larger.highs[slot] = highs[i];
                    larger.states[slot] = states[i];
                }
            }
            lows = larger.lows;
            highs = larger.highs;
            states = larger.states;
        }

        /** Capacities need not be powers of two, which would double the memory in one step. */
        private int home(long low) {
            return (int) (((low >>> Integer.SIZE) * states.length) >>> Integer.SIZE);
        }

        private static int high(IndexKey key) {
            return (int) (key.high() >>> Integer.SIZE);
        }
    }
}
