package org.rowmill.mounter.node;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The result of a node check.
 *
 * @param node the node
 * @param fault why the node cannot be used; empty: it can be used
 * @param steps how long each step took that was done
 * @param login how Rowmill has logged in; empty: the check failed
 * @param probe what the node has; empty: the check failed
 * @param mount speed of the mount; empty: not measured
 * @param brokerNanos round trip to the head's broker, in nanoseconds; empty: not measured
 * @param clockSeconds by how many seconds the node's clock is ahead of the head's; negative: behind
 */
public record NodeReport(
        ClusterNode node,
        Optional<NodeFault> fault,
        Map<ConnectionStep, Duration> steps,
        Optional<Login> login,
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
     * A login.
     *
     * @param user who is logged in
     * @param port of the SSH server
     * @param hostKey the key that the server showed
     * @param notes what the login has passed over, such as key files that cannot be used
     */
    public record Login(String user, int port, String hostKey, List<String> notes) {

        /** Copies the notes. */
        public Login {
            notes = List.copyOf(notes);
        }
    }

    /**
     * The speed of a mount.
     *
     * @param readBytesPerSecond for one large file
     * @param writeBytesPerSecond for one large file, forced to the head's disk
     * @param nanosPerFile to open, read and close a small file
     */
    public record MountSpeed(double readBytesPerSecond, double writeBytesPerSecond, double nanosPerFile) {}
}
