package org.rowmill.mounter.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.RemoteResult;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.schemas.cluster.ClusterNode;

/** Finds out whether a node has what a run needs, and copies what is missing. */
final class NodePreparation {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);
    private static final Duration JAVA_LIMIT = Duration.ofSeconds(20);
    private static final String DEFAULT_SCRATCH = "/tmp"; // Java uses it even if TMPDIR is set

    private final SshSession session;
    private final ClusterNode node;
    private final NodeJob job;
    private final List<NodeFile> files;

    NodePreparation(SshSession session, ClusterNode node, NodeJob job) {
        this.session = session;
        this.node = node;
        this.job = job;
        this.files = files(job);
    }

    private static List<NodeFile> files(NodeJob job) {
        List<NodeFile> files = new ArrayList<>();
        files.add(NodeScripts.agent());
        files.add(job.consumer());
        files.addAll(job.classPath());
        return files;
    }

    /** Runs {@code probe.sh} on the node. */
    NodeProbe probe() throws NodeFault, InterruptedException {
        StringBuilder script = new StringBuilder("wanted='");
        files.forEach(file -> script.append(file.name()).append(' '));
        script.append("'\noldest_java=").append(job.runtimes().oldest());
        script.append("\nscratch=").append(NodeLayout.quotedPath(node.scratch().orElse(DEFAULT_SCRATCH)));
        script.append("\nnonce=").append(Nonce.next());
        script.append('\n').append(NodeScripts.probe());
        try {
            RemoteResult result =
                    session.run("exec sh -s rowmill", script.toString().getBytes(StandardCharsets.UTF_8), PROBE_LIMIT);
            return ProbeOutput.parse(result.out());
        } catch (IOException | IllegalArgumentException e) {
            throw new NodeFault(
                    ConnectionStep.PROBE,
                    "it does not run commands: " + e.getMessage(),
                    "Try: ssh " + session.address()
                            + " 'sh -c \"echo works\"'; check the start-up files of its shell.");
        }
    }

    /**
     * Checks what cannot be copied.
     *
     * @param found what the node has
     * @throws NodeFault if something is missing
     */
    void check(NodeProbe found) throws NodeFault {
        if (job.project().isPresent() && !found.sshfs().isUsable()) {
            boolean hasSshfs = found.sshfs().isInstalled();
            throw new NodeFault(
                    ConnectionStep.MOUNT,
                    hasSshfs ? "it has no usable /dev/fuse" : "it has no sshfs",
                    (hasSshfs
                                    ? "Let the user read and write /dev/fuse there"
                                    : "On the node: " + found.sshfs().installCommand())
                            + "; or, if the tables use no files of the project, run with --no-remote-mount-needed.");
        }
        if (node.scratch().isPresent() && !found.hasScratch()) {
            throw new NodeFault(
                    ConnectionStep.PROBE,
                    "its scratch directory " + node.scratch().get() + " is missing, not writable, or full",
                    "Create it, free disk space, or set another one in the column scratch of the cluster file.");
        }
    }

    /** Copies the files that the node's cache lacks. */
    void copy(NodeProbe found) throws NodeFault, InterruptedException {
        NodeCache.copy(session, files, found.cached());
    }

    /**
     * Copies a Java runtime and starts it once.
     *
     * @param found what a node without Java has
     * @return the command that starts Java there
     */
    String copyJava(NodeProbe found) throws NodeFault, InterruptedException {
        NodeFile runtime = job.runtimes().forNode(found);
        NodeCache.copyIfMissing(session, runtime);
        String command = NodeCache.unpack(session, runtime, found.home());
        try {
            RemoteResult result =
                    session.run("exec " + NodeLayout.quoted(command) + " -version", new byte[0], JAVA_LIMIT);
            if (result.exitCode() != 0) {
                throw new NodeFault(
                        ConnectionStep.JAVA,
                        "it has no Java, and the head's Java, copied to its ~/" + NodeCache.DIRECTORY
                                + ", does not run there: "
                                + result.err().strip().replaceAll("\\s+", " "),
                        "Mount its home without noexec, or install the package openjdk-17-jre-headless there.");
            }
            return command;
        } catch (IOException e) {
            throw NodeFault.lost(ConnectionStep.JAVA, e);
        }
    }
}
