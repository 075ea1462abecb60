package org.rowmill.producer;

import java.nio.file.Path;
import java.util.Objects;
import org.rowmill.mounter.SshSettings;

/**
 * The other computers of a run.
 *
 * @param csv the cluster file
 * @param ssh how they are reached
 * @param mount whether they are to see the project directory
 */
record ClusterOptions(Path csv, SshSettings ssh, boolean mount) {

    ClusterOptions {
        Objects.requireNonNull(csv);
        Objects.requireNonNull(ssh);
    }
}
