package org.rowmill.mounter.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How to reach nodes.
 *
 * @param hostKeys how to treat unknown host keys
 * @param directory of the user's SSH files {@code config}, {@code known_hosts}, {@code id_*}; usually {@code ~/.ssh}
 * @param connectTimeout limit for each of: resolve and connect, key exchange, authentication
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
