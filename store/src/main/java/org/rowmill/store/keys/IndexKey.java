package org.rowmill.store.keys;

import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Identifies a row: a 128-bit hash of its encoded index. The probability that two of 10 million rows have the same key
 * is 10^-25.
 *
 * @param high first 64 bits
 * @param low last 64 bits
 */
public record IndexKey(long high, long low) {

    private static final int SEED = 0;

    /**
     * Hashes an index.
     *
     * @param encodedIndex the index, encoded by {@code MessageCodec.encodeIndex}
     * @return its key
     */
    public static IndexKey of(byte[] encodedIndex) {
        long[] hash = MurmurHash3.hash128x64(encodedIndex, 0, encodedIndex.length, SEED);
        return new IndexKey(hash[0], hash[1]);
    }
}
