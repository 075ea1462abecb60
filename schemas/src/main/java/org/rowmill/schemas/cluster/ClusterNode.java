package org.rowmill.schemas.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A computer of the cluster file.
 *
 * @param address host name, alias of the SSH configuration, or IP address (IPv6 without brackets)
 * @param user who logs in; empty: as the SSH configuration says, else the current user
 * @param port of the SSH server, 1 to 65535; empty: as the SSH configuration says, else {@value #DEFAULT_PORT}
 * @param keyFile the private key; empty: default keys and the agent
 * @param cpuLimit CPUs to use; 0: all that the node has
 * @param scratch directory on the node for scratch files; empty: the system's
 * @param labels words that tell nodes apart, as they are written
 * @param line where the file names it, from 1
 */
public record ClusterNode(
        String address,
        Optional<String> user,
        OptionalInt port,
        Optional<Path> keyFile,
        int cpuLimit,
        Optional<String> scratch,
        List<String> labels,
        int line) {

    /** Port of SSH servers unless told otherwise. */
    public static final int DEFAULT_PORT = 22;

    /** Checks and copies. */
    public ClusterNode {
        Objects.requireNonNull(user);
        Objects.requireNonNull(port);
        Objects.requireNonNull(keyFile);
        Objects.requireNonNull(scratch);
        labels = List.copyOf(labels);
        if (address.isBlank()) {
            throw new IllegalArgumentException("address: a host was expected, not blank");
        }
        if (cpuLimit < 0) {
            throw new IllegalArgumentException("cpuLimit: 0 or more was expected, not " + cpuLimit);
        }
    }
}
