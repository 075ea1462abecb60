package org.rowmill.mounter.ssh;

import java.nio.charset.StandardCharsets;

/**
 * The result of a command on a node.
 *
 * @param exitCode 128 plus the signal's number if a signal ended the command
 * @param out standard output, decoded as UTF-8; the first {@value #MAX_BYTES} bytes
 * @param err standard error, decoded as UTF-8; the first {@value #MAX_BYTES} bytes
 */
public record RemoteResult(int exitCode, String out, String err) {

    /** Number of bytes that are kept of each stream. */
    public static final int MAX_BYTES = 1 << 20;

    RemoteResult(int exitCode, byte[] out, byte[] err) {
        this(exitCode, new String(out, StandardCharsets.UTF_8), new String(err, StandardCharsets.UTF_8));
    }
}
