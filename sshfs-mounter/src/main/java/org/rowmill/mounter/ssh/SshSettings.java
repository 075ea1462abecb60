package org.rowmill.mounter.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How nodes are reached.
 *
 * @param hostKeys what becomes of unknown host keys
 * @param directory of the user's SSH files: {@code config}, {@code known_hosts}, {@code id_*}; usually {@code ~/.ssh}
 * @param connectTimeout for each of: name look-up and connection, key exchange, authentication
 */
public record SshSettings(HostKeys hostKeys, Path directory, Duration connectTimeout) {

    /** Checks. */
    public SshSettings {
        Objects.requireNonNull(hostKeys);
        Objects.requireNonNull(directory);
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("connectTimeout: more than 0 was expected, not " + connectTimeout);
        }
    }
}
