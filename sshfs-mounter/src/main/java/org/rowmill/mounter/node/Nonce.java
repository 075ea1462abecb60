package org.rowmill.mounter.node;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Words that nobody else uses. A name of a file that several machines may make at the same time needs one: a process id
 * is not unique among the machines of a shared file system.
 */
final class Nonce {

    private static final int BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Nonce() {}

    /** Returns a new word of hexadecimal digits. */
    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
