package org.rowmill.mounter.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Where a consumer on a node finds its files and the broker. All paths are those of the node.
 *
 * @param project the mounted project directory; an empty directory if the project is not mounted
 * @param classPath the project's jar and its libraries
 * @param brokerHost the address that the consumer connects to: the node's loopback, or the head
 * @param brokerPort the port there that leads to the broker
 * @param inHand the file in which the consumer notes the rows that it computes
 */
public record NodeLocations(Path project, List<Path> classPath, String brokerHost, int brokerPort, Path inHand) {

    /** Checks and copies. */
    public NodeLocations {
        Objects.requireNonNull(project);
        Objects.requireNonNull(brokerHost);
        Objects.requireNonNull(inHand);
        classPath = List.copyOf(classPath);
    }
}
