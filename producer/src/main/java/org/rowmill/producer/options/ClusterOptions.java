package org.rowmill.producer.options;

import java.nio.file.Path;
import java.util.Objects;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.schemas.WrongInput;

/**
 * The other computers of a run.
 *
 * @param csv the cluster file
 * @param ssh how they are reached
 * @param mount whether they are to see the project directory
 * @param connect how they reach the broker
 */
public record ClusterOptions(Path csv, SshSettings ssh, boolean mount, Connect connect) {

    /** Ways to the broker. */
    public enum Connect {
        /** A forwarded port in the SSH connection. */
        TUNNEL,
        /** A connection to this computer. */
        DIRECT
    }

    public ClusterOptions {
        Objects.requireNonNull(csv);
        Objects.requireNonNull(ssh);
        Objects.requireNonNull(connect);
    }

    /**
     * Refuses a head that cannot lead a cluster.
     *
     * @param system as the property {@code os.name} has it
     * @throws WrongInput on Windows
     */
    public static void checkHead(String system) {
        if (system.startsWith("Windows")) {
            throw new WrongInput("--ssh-cluster-csv-path: a head on " + system + " computes on one computer only:"
                    + " run without a cluster file, or start the run on Linux or macOS");
        }
    }
}
