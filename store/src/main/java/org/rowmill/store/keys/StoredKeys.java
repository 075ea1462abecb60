package org.rowmill.store.keys;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which rows and which of their columns are stored. Used by one thread at a time.
 *
 * <p>The keys are in hash tables of primitive arrays with open addressing, 16 bytes a slot and at most 1.9 slots a row,
 * because the memory of a head must have room for 10 million rows (a HashSet would take 4 GB). There are many small
 * tables, called segments, so that a table that grows copies little at a time. Only 96 bits of a key are compared: the
 * probability that two of 10 million rows are confused is 10^-15.
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
     * Makes an empty set of keys.
     *
     * @param expected expected number of keys
     */
    public StoredKeys(long expected) {
        int capacity = Math.toIntExact(Math.max(16, expected * 4 / 3 / SEGMENTS + 16));
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment(capacity);
        }
        number(new BitSet());
    }

    /** Whether a part contains the row. */
    public boolean contains(IndexKey key) {
        return (state(key) & STORED) != 0;
    }

    /**
     * Returns the columns of a row.
     *
     * @param key the key of the row
     * @return numbers of the columns of the current class that have a valid value; empty if the row is not stored
     */
    public BitSet columns(IndexKey key) {
        return (BitSet) sets.get(state(key) >>> FLAG_BITS).clone();
    }

    /** Whether a failure of the row is stored. */
    public boolean failed(IndexKey key) {
        return (state(key) & FAILED) != 0;
    }

    /**
     * Records that {@code index()} listed a row.
     *
     * @param key the key of the row
     * @return false if the row was listed before
     */
    public boolean markListed(IndexKey key) {
        return (mark(key, LISTED) & LISTED) == 0;
    }

    /** Whether {@code index()} listed the row. */
    public boolean listed(IndexKey key) {
        return (state(key) & LISTED) != 0;
    }

    /**
     * Counts the stored rows that {@code index()} has not listed.
     *
     * @param isCounted selects rows by their columns
     */
    public long countUnlisted(Predicate<BitSet> isCounted) {
        long[] counts = new long[sets.size()];
        for (Segment segment : segments) {
            for (int state : segment.states) {
                if ((state & (STORED | LISTED)) == STORED) {
                    counts[state >>> FLAG_BITS]++;
                }
            }
        }
        long unlisted = 0;
        for (int i = 0; i < counts.length; i++) {
            unlisted += isCounted.test(sets.get(i)) ? counts[i] : 0;
        }
        return unlisted;
    }

    /** Counts the stored rows. A row that is in several parts counts once. */
    public long count() {
        return count;
    }

    /** Records that a failure of the row is stored. */
    public void markFailed(IndexKey key) {
        mark(key, FAILED);
    }

    /** Returns the number of a set of columns, for {@link #add}. */
    public int number(BitSet columns) {
        return numbers.computeIfAbsent((BitSet) columns.clone(), set -> {
            sets.add(set);
            return sets.size() - 1;
        });
    }

    /**
     * Adds columns to a row.
     *
     * @param key the key of the row
     * @param set number of the set of columns
     * @return false if the row was stored before
     */
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

    /** A hash table. A slot whose state is 0 is free, because every stored key has at least one flag. */
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

        /** Returns the slot of the key, or -1 minus the free slot for it. */
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

        /** Returns the slot of the key; takes a free one if it has none. The caller sets a flag. */
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

        /** Scales the hash to the capacity, which is not a power of two: those would double the memory in one step. */
        private int home(long low) {
            return (int) (((low >>> Integer.SIZE) * states.length) >>> Integer.SIZE);
        }

        private static int high(IndexKey key) {
            return (int) (key.high() >>> Integer.SIZE);
        }
    }
}
