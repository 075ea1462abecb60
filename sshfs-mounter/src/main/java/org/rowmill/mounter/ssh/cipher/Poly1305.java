package org.rowmill.mounter.ssh.cipher;

/**
 * The message authentication code Poly1305 (RFC 8439, section 2.5), for one message. It computes in five limbs of 26
 * bits, so that no product exceeds a long, and its time does not depend on the key or the message.
 */
final class Poly1305 {

    static final int TAG_BYTES = 16;
    static final int KEY_BYTES = 32;

    private static final int BLOCK = 16;
    private static final int LIMBS = 5;
    private static final int BITS = 26;
    private static final long MASK = (1 << BITS) - 1;

    /** The bits of the first half of the key that count, limb by limb. */
    private static final long[] CLAMP = {0x3ffffff, 0x3ffff03, 0x3ffc0ff, 0x3f03fff, 0x00fffff};

    private final long[] r;
    private final long[] h = new long[LIMBS];
    private final byte[] key;

    /** Makes a code with a key that is used for one message only. */
    Poly1305(byte[] key) {
        this.key = key.clone();
        this.r = limbs(key, 0, BLOCK, 0);
        for (int i = 0; i < LIMBS; i++) {
            r[i] &= CLAMP[i];
        }
    }

    /** Returns the code of a message. */
    byte[] tag(byte[] message, int offset, int length) {
        for (int done = 0; done < length; done += BLOCK) {
            int count = Math.min(BLOCK, length - done);
            add(limbs(message, offset + done, count, 1));
            multiply();
        }
        reduce();
        return addKey();
    }

    /** Splits up to 16 bytes, least significant first, into limbs. The byte after them is {@code end}. */
    private static long[] limbs(byte[] bytes, int offset, int count, int end) {
        byte[] block = new byte[BLOCK + 4];
        System.arraycopy(bytes, offset, block, 0, count);
        block[count] = (byte) end;
        long[] limbs = new long[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            int bit = BITS * i;
            limbs[i] = (little(block, bit >> 3) >>> (bit & 7)) & MASK;
        }
        return limbs;
    }

    private static long little(byte[] bytes, int offset) {
        return (bytes[offset] & 0xffL)
                | (bytes[offset + 1] & 0xffL) << 8
                | (bytes[offset + 2] & 0xffL) << 16
                | (bytes[offset + 3] & 0xffL) << 24;
    }

    private void add(long[] limbs) {
        for (int i = 0; i < LIMBS; i++) {
            h[i] += limbs[i];
        }
    }

    /** Multiplies modulo 2^130 - 5: what exceeds 130 bits comes back five times. */
    private void multiply() {
        long[] product = new long[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            for (int j = 0; j < LIMBS; j++) {
                product[(i + j) % LIMBS] += h[i] * r[j] * (i + j < LIMBS ? 1 : 5);
            }
        }
        System.arraycopy(product, 0, h, 0, LIMBS);
        carry();
    }

    private void carry() {
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            h[i] += carry;
            carry = h[i] >>> BITS;
            h[i] &= MASK;
        }
        h[0] += carry * 5;
        h[1] += h[0] >>> BITS;
        h[0] &= MASK;
    }

    /** Makes the number less than 2^130 - 5, without a branch that depends on it. */
    private void reduce() {
        carry();
        carry();
        long[] less = new long[LIMBS];
        long carry = 5;
        for (int i = 0; i < LIMBS; i++) {
            less[i] = h[i] + carry;
            carry = less[i] >>> BITS;
            less[i] &= MASK;
        }
        // The carry is 1 if the number is at least 2^130 - 5.
        for (int i = 0; i < LIMBS; i++) {
            h[i] ^= -carry & (h[i] ^ less[i]);
        }
    }

    private byte[] addKey() {
        byte[] tag = new byte[TAG_BYTES];
        long[] words = {
            h[0] | (h[1] << 26), (h[1] >>> 6) | (h[2] << 20), (h[2] >>> 12) | (h[3] << 14), (h[3] >>> 18) | (h[4] << 8)
        };
        long carry = 0;
        for (int i = 0; i < words.length; i++) {
            long sum = (words[i] & 0xffffffffL) + little(key, BLOCK + 4 * i) + carry;
            carry = sum >>> 32;
            for (int j = 0; j < 4; j++) {
                tag[4 * i + j] = (byte) (sum >>> (8 * j));
            }
        }
        return tag;
    }
}
