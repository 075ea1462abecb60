package org.rowmill.mounter.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.rowmill.mounter.ssh.config.SshConfiguration;

/**
 * How to reach nodes.
 *
 * @param hostKeys how to treat unknown host keys
 * @param configuration the user's SSH configuration
 * @param connectTimeout limit for each of: resolve and connect, key exchange, authentication; a longer ConnectTimeout
 *     of the SSH configuration replaces it
 */
public record SshSettings(HostKeys hostKeys, SshConfiguration configuration, Duration connectTimeout) {

    /** Checks. */
    public SshSettings {
        Objects.requireNonNull(hostKeys);
        Objects.requireNonNull(configuration);
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("connectTimeout: more than 0 was expected, not " + connectTimeout);
        }
    }

    /**
     * Makes settings.
     *
     * @param hostKeys how to treat unknown host keys
     * @param directory of the user's SSH files {@code config}, {@code known_hosts}, {@code id_*}; usually
     *     {@code ~/.ssh}
     * @param connectTimeout limit of each step
     */
    public SshSettings(HostKeys hostKeys, Path directory, Duration connectTimeout) {
        this(hostKeys, new SshConfiguration(directory), connectTimeout);
    }
}
