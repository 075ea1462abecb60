package org.rowmill.producer.inflight;

import java.security.SecureRandom;

/**
 * The token of each row: a number that goes out with the row and comes back with its result. Whoever did not receive a
 * row cannot know its token, not even from the tokens of other rows. A token is the SipHash-2-4 of the row number under
 * a random key of 128 bits, so tokens need not be stored. Immutable.
 */
public final class RowTokens {

    private static final int ROUNDS_PER_WORD = 2;
    private static final int FINAL_ROUNDS = 4;
    private static final long MESSAGE_LENGTH = (long) Long.BYTES << 56;

    private final long key0;
    private final long key1;

    /** Draws a random key. */
    public RowTokens(SecureRandom random) {
        this(random.nextLong(), random.nextLong());
    }

    RowTokens(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Returns the token of a row. */
    long of(long row) {
        State state = new State(key0, key1);
        state.add(row);
        state.add(MESSAGE_LENGTH);
        return state.end();
    }

    /**
     * The state of SipHash. Names and constants are from the paper: Aumasson, Bernstein: SipHash, a fast short-input
     * PRF (2012).
     */
    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void add(long word) {
            v3 ^= word;
            rounds(ROUNDS_PER_WORD);
            v0 ^= word;
        }

        long end() {
            v2 ^= 0xff;
            rounds(FINAL_ROUNDS);
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void rounds(int count) {
            for (int i = 0; i < count; i++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
        }
    }
}
