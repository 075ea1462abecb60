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

/** What a node must have before it can work for a run, and what is copied to it where it has not. */
final class NodePreparation {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);
    private static final Duration JAVA_LIMIT = Duration.ofSeconds(20);
    private static final String DEFAULT_SCRATCH = "/tmp"; // Java's, whatever TMPDIR says

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
        files.add(Scripts.agent());
        files.add(job.consumer());
        files.addAll(job.classPath());
        return files;
    }

    /** Asks what it has. */
    NodeProbe probe() throws NodeFault, InterruptedException {
        StringBuilder script = new StringBuilder("wanted='");
        files.forEach(file -> script.append(file.name()).append(' '));
        script.append("'\nscratch=").append(NodeLayout.quoted(node.scratch().orElse(DEFAULT_SCRATCH)));
        script.append('\n').append(Scripts.text("probe.sh"));
        try {
            RemoteResult result =
                    session.run("exec sh -s rowmill", script.toString().getBytes(StandardCharsets.UTF_8), PROBE_LIMIT);
            return ProbeOutput.parse(result.out());
        } catch (IOException | IllegalArgumentException e) {
            throw new NodeFault(
                    ConnectionStep.PROBE,
                    "it does not run commands: " + e.getMessage(),
                    "Try: ssh " + session.address()
                            + " 'sh -c \"echo works\"'; see also the start-up files of its shell.");
        }
    }

    /**
     * Sees whether that is enough.
     *
     * @param found what it has
     * @throws NodeFault when something is missing that nobody can copy
     */
    void check(NodeProbe found) throws NodeFault {
        if (job.project().isPresent() && !found.sshfs().isUsable()) {
            throw new NodeFault(
                    ConnectionStep.MOUNT,
                    found.sshfs().isInstalled() ? "it has no usable /dev/fuse" : "it has no sshfs",
                    (found.sshfs().isInstalled() ? "Let the user read and write /dev/fuse there" : "There: " + found.sshfs().installCommand())
                            + "; or, for tables that touch no files, run with --no-remote-mount-needed.");
        }
        if (node.scratch().isPresent() && !found.hasScratch()) {
            throw new NodeFault(
                    ConnectionStep.PROBE,
                    "its scratch directory " + node.scratch().get() + " cannot be written, or is full",
                    "Make it, make room in it, or name another one in the column scratch of the cluster file.");
        }
    }

    /** Copies the files that its cache lacks. */
    void copy(NodeProbe found) throws NodeFault, InterruptedException {
        NodeCache.copy(session, files, found.cached());
    }

    /**
     * Copies a Java that is made of the head's.
     *
     * @param found a node without
     * @return its command there, which was seen to run
     */
    String copyJava(NodeProbe found) throws NodeFault, InterruptedException {
        NodeFile runtime = job.runtimes().forNode(found);
        NodeCache.copy(session, List.of(runtime), found.cached());
        String command = NodeCache.unpack(session, runtime, found.home());
        try {
            RemoteResult result =
                    session.run("exec " + NodeLayout.quoted(command) + " -version", new byte[0], JAVA_LIMIT);
            if (result.exitCode() != 0) {
                throw new NodeFault(
                        ConnectionStep.JAVA,
                        "it has none, and this computer's, copied to its ~/" + NodeCache.DIRECTORY
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
