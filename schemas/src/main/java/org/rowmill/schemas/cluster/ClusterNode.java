package org.rowmill.schemas.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A node of the cluster file.
 *
 * @param address host name, alias of the SSH configuration, or IP address (IPv6 without brackets)
 * @param user user to log in; empty: the user of the SSH configuration, or else the current user
 * @param port port of the SSH server, 1 to 65535; empty: the port of the SSH configuration, or else
 *     {@value #DEFAULT_PORT}
 * @param keyFile private key; empty: default keys and the SSH agent
 * @param cpuLimit number of CPUs to use; 0: all
 * @param scratch directory on the node for scratch files; empty: the temporary directory of the system
 * @param labels words that describe the node
 * @param line line in the file, from 1
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

    /** Default port of SSH servers. */
    public static final int DEFAULT_PORT = 22;

    /** Checks the values and copies the labels. */
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

    /**
     * Returns the node's name in messages, logs, metrics and results. No other line of the cluster file has it: several
     * nodes may be behind one address.
     *
     * @return the address; if the line has a port other than {@value #DEFAULT_PORT}, with the port
     */
    public String name() {
        if (port.orElse(DEFAULT_PORT) == DEFAULT_PORT) {
            return address;
        }
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port.getAsInt();
    }
}
