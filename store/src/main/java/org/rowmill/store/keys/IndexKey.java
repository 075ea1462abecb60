package org.rowmill.store.keys;

import org.apache.commons.codec.digest.MurmurHash3;

/**
 * What rows are told apart by: a hash of the encoded index. Of 10 million rows two share a key with a probability of
 * 10^-25.
 *
 * @param high first 64 bits
 * @param low last 64 bits
 */
public record IndexKey(long high, long low) {

    private static final int SEED = 0;

    /**
     * Hashes an index.
     *
     * @param encodedIndex what {@code MessageCodec.encodeIndex} made
     * @return its key
     */
    public static IndexKey of(byte[] encodedIndex) {
        long[] hash = MurmurHash3.hash128x64(encodedIndex, 0, encodedIndex.length, SEED);
        return new IndexKey(hash[0], hash[1]);
    }
}
