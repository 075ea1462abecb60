package org.rowmill.mounter.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rowmill.schemas.HomeDirectory;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The files of a run on a node, and the commands that use them.
 *
 * @param node the node
 * @param job what the run needs there
 * @param probe what the node has
 * @param java the command that starts Java
 */
record NodeLayout(ClusterNode node, NodeJob job, NodeProbe probe, String java) {

    /** Returns the consumer's working directory, where the project is mounted. */
    String directory() {
        return probe.home() + "/.rowmill-remote/" + name();
    }

    /** Returns the name of the mount point. No other node has it, because nodes may have one home. */
    String name() {
        return job.name() + "-" + probe.machine().runName(node.name());
    }

    /** Returns the words that follow the name of the node agent in its command. */
    String agentArguments(Duration heartbeatTimeout) {
        return String.join(
                " ",
                name(),
                Long.toString(heartbeatTimeout.toSeconds()),
                probe.machine().bootName(node.name()),
                probe.machine().seatName(node.name()));
    }

    private String state() {
        return probe.home() + "/.rowmill-remote/." + name();
    }

    private String cached(NodeFile file) {
        return probe.home() + "/" + NodeCache.DIRECTORY + "/" + file.name();
    }

    /** Returns a shell command that starts the consumer's jar to check a connection. */
    String checkCommand() {
        return "exec " + quoted(java) + " -XX:TieredStopAtLevel=1 -jar " + quoted(cached(job.consumer()));
    }

    /** Returns the words of the command that starts a consumer. */
    List<String> consumerCommand(List<String> javaOptions) {
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

    /** If {@code /tmp} is full, scratch files are in the state directory, which the node agent removes. */
    private Optional<String> scratch() {
        return node.scratch()
                .map(path -> HomeDirectory.expand(path, probe.home()))
                .or(() -> probe.hasScratch() ? Optional.empty() : Optional.of(state()));
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

    /** Quotes a path so that a POSIX shell reads it as one word. {@code ~} is the home directory on the node. */
    static String quotedPath(String path) {
        return path.equals("~") || path.startsWith("~/") ? "\"$HOME\"" + quoted(path.substring(1)) : quoted(path);
    }

    /** Quotes a text so that a POSIX shell reads it as one word. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
