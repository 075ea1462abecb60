package org.rowmill.mounter.node;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * What a check of a node found.
 *
 * @param node the node
 * @param fault why it cannot be used; empty: it can
 * @param steps how long each step took that was done
 * @param hostKey the key that its server showed; empty: it got not so far
 * @param probe what it has; empty: it got not so far
 * @param mount how fast its mount is; empty: none was made
 * @param brokerNanos round trip to the head's broker, nanoseconds; empty: not measured
 * @param clockSeconds how far its clock is ahead of the head's
 */
public record NodeReport(
        ClusterNode node,
        Optional<NodeFault> fault,
        Map<ConnectionStep, Duration> steps,
        Optional<String> hostKey,
        Optional<NodeProbe> probe,
        Optional<MountSpeed> mount,
        OptionalLong brokerNanos,
        long clockSeconds) {

    /** Checks and copies. */
    public NodeReport {
        Objects.requireNonNull(node);
        Objects.requireNonNull(fault);
        steps = Map.copyOf(steps);
    }

    /**
     * How fast a mount is.
     *
     * @param readBytesPerSecond of one large file
     * @param writeBytesPerSecond of one large file, forced to the head's disk
     * @param nanosPerFile to open, read and close a small file
     */
    public record MountSpeed(double readBytesPerSecond, double writeBytesPerSecond, double nanosPerFile) {}
}
