package org.rowmill.mounter.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * Where a run's things are on a node, and the commands that use them.
 *
 * @param node the node
 * @param job what the run wants of it
 * @param probe what it has
 * @param java the command of its Java
 */
record NodeLayout(ClusterNode node, NodeJob job, NodeProbe probe, String java) {

    /** The consumer's working directory, where the project is mounted. */
    String directory() {
        return probe.home() + "/.rowmill-remote/" + job.name();
    }

    private String state() {
        return probe.home() + "/.rowmill-remote/." + job.name();
    }

    private String cached(NodeFile file) {
        return probe.home() + "/" + NodeCache.DIRECTORY + "/" + file.name();
    }

    /** The consumer's jar for the node's shell, as a program that only measures. */
    String checks() {
        return "exec " + quoted(java) + " -XX:TieredStopAtLevel=1 -jar " + quoted(cached(job.consumer()));
    }

    /** The words that start a consumer. */
    List<String> consumer(List<String> javaOptions) {
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(javaOptions);
        scratch().ifPresent(scratch -> command.add("-Djava.io.tmpdir=" + scratch));
        if (job.project().isPresent()) {
            command.add("-Drowmill.mounted=true");
        }
        command.add("-jar");
        command.add(cached(job.consumer()));
        return command;
    }

    /** Where {@code /tmp} is full, the home directory has to do; the guard removes that one. */
    private Optional<String> scratch() {
        return node.scratch().or(() -> probe.hasScratch() ? Optional.empty() : Optional.of(state()));
    }

    /** Returns the locations that a consumer's settings name. */
    NodeLocations locations(BrokerConnection broker) {
        return new NodeLocations(
                Path.of(directory()),
                job.classPath().stream().map(this::cached).map(Path::of).toList(),
                broker.host(),
                broker.port(),
                Path.of(state(), "in-hand"));
    }

    /** One word for a POSIX shell, whatever is in it. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
