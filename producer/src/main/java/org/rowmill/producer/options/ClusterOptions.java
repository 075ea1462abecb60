package org.rowmill.producer.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.schemas.WrongInput;

/**
 * The nodes of a run besides the head.
 *
 * @param csv the cluster file
 * @param ssh settings of the SSH connections
 * @param mount whether to mount the project on the nodes
 * @param writable paths in the project that nodes may change although the head trusts them; relative to the project
 * @param connect how the nodes connect to the broker
 */
public record ClusterOptions(Path csv, SshSettings ssh, boolean mount, List<Path> writable, Connect connect) {

    /** How nodes connect to the broker. */
    public enum Connect {
        /** Through a forwarded port of the SSH connection. */
        TUNNEL,
        /** By TLS to a port of this computer. */
        DIRECT
    }

    public ClusterOptions {
        Objects.requireNonNull(csv);
        Objects.requireNonNull(ssh);
        Objects.requireNonNull(connect);
        writable = List.copyOf(writable);
    }

    /**
     * Checks that this computer can use other computers.
     *
     * @param system value of the system property {@code os.name}
     * @throws WrongInput on Windows
     */
    public static void checkHead(String system) {
        if (system.startsWith("Windows")) {
            throw new WrongInput("--ssh-cluster-csv-path: a head on " + system + " cannot use other computers."
                    + " Run without a cluster file, or start the run on Linux or macOS");
        }
    }
}
