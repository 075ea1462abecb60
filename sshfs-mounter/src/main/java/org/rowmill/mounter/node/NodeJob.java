package org.rowmill.mounter.node;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.schemas.world.World;

/**
 * What a run needs on its nodes.
 *
 * @param name of the run's mount point on them: letters, digits, dots, hyphens and underscores
 * @param project the directory that nodes mount; empty: none is mounted, rows work in an empty directory
 * @param consumer the jar that computes rows
 * @param classPath the project's jar and its libraries
 * @param runtimes Java for nodes that have none
 * @param broker how the consumer connects to the broker
 * @param machines that compute in the run
 * @param world which consumers enter
 */
public record NodeJob(
        String name,
        Optional<SharedDirectory> project,
        NodeFile consumer,
        List<NodeFile> classPath,
        NodeRuntimes runtimes,
        BrokerRoute broker,
        Machines machines,
        World world) {

    /** Checks and copies. */
    public NodeJob {
        Objects.requireNonNull(project);
        Objects.requireNonNull(consumer);
        Objects.requireNonNull(runtimes);
        Objects.requireNonNull(broker);
        Objects.requireNonNull(machines);
        Objects.requireNonNull(world);
        classPath = List.copyOf(classPath);
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("a name that needs no quotes in a shell was expected, not " + name);
        }
    }

    /**
     * Returns the same job with a name of its own for each attempt to prepare a node: what an earlier attempt has left
     * on the node may still exist.
     *
     * @param attempt number of the attempt, from 1
     * @return a job that differs in its name only
     */
    public NodeJob attempt(int attempt) {
        return attempt == 1
                ? this
                : new NodeJob(name + "." + attempt, project, consumer, classPath, runtimes, broker, machines, world);
    }
}
