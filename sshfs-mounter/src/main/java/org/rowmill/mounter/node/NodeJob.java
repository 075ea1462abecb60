package org.rowmill.mounter.node;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.rowmill.mounter.sftp.SharedDirectory;

/**
 * What a run wants of its nodes.
 *
 * @param name of the run's mount point on them: letters, digits, dots, hyphens and underscores
 * @param project the directory that they are to see; empty: none, rows work in an empty directory
 * @param consumer the jar that computes
 * @param classPath the project's jar and its libraries
 * @param runtimes for nodes without Java
 * @param broker how its consumer gets to the broker
 */
public record NodeJob(
        String name,
        Optional<SharedDirectory> project,
        NodeFile consumer,
        List<NodeFile> classPath,
        NodeRuntimes runtimes,
        BrokerRoute broker) {

    /** Checks and copies. */
    public NodeJob {
        Objects.requireNonNull(project);
        Objects.requireNonNull(consumer);
        Objects.requireNonNull(broker);
        classPath = List.copyOf(classPath);
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("a name that no shell minds was expected, not " + name);
        }
    }

    /**
     * The same for a second way up, while what is left of the first may still be there.
     *
     * @param attempt number of the way up, from 1
     * @return a job whose name differs
     */
    public NodeJob attempt(int attempt) {
        return attempt == 1 ? this : new NodeJob(name + "." + attempt, project, consumer, classPath, runtimes, broker);
    }
}
