package org.rowmill.mounter.ssh;

import java.nio.charset.StandardCharsets;

/**
 * What a command on a node left.
 *
 * @param exitCode as the shell says it: 128 and the signal's number when a signal ended it
 * @param out what it wrote to its standard output, in UTF-8; the first {@value #MAX_BYTES} bytes
 * @param err what it wrote to its standard error, in UTF-8; the first {@value #MAX_BYTES} bytes
 */
public record RemoteResult(int exitCode, String out, String err) {

    /** So much is kept of each stream. */
    public static final int MAX_BYTES = 1 << 20;

    RemoteResult(int exitCode, byte[] out, byte[] err) {
        this(exitCode, new String(out, StandardCharsets.UTF_8), new String(err, StandardCharsets.UTF_8));
    }
}
