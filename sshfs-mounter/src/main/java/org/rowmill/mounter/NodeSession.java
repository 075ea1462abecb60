package org.rowmill.mounter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.rowmill.schemas.ClusterNode;
import org.rowmill.schemas.ConsumerSettings;

/**
 * A node that works for a run: connected, with the files it needs, the project mounted, a way to the broker, and a guard
 * that ends all that when the head is gone. Thread-safe.
 */
public final class NodeSession implements AutoCloseable {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);
    private static final Duration CONSUMER_LIMIT = Duration.ofSeconds(20);

    private final ClusterNode node;
    private final NodeJob job;
    private final NodeEvents events;
    private final Traffic traffic = new Traffic();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final SshSession session;
    private final NodeProbe probe;
    private final String java;
    private final NodeGuard guard;
    private final int brokerPort;

    private NodeSession(ClusterNode node, SshSettings ssh, NodeJob job, NodeEvents events)
            throws NodeFault, InterruptedException {
        this.node = node;
        this.job = job;
        this.events = events;
        try {
            session = opened(SshSession.connect(node, ssh));
            events.done(Step.CONNECT, session.connectTime());
            List<NodeFile> files = files();
            probe = timed(Step.PROBE, () -> probe(session, files));
            checkMount(probe);
            timed(Step.COPY, () -> {
                NodeCache.copy(session, files, probe.cached());
                return files;
            });
            java = probe.java().isPresent() ? probe.java().get() : timed(Step.JAVA, this::copyJava);
            guard = opened(startGuard());
            if (job.project().isPresent()) {
                timed(
                        Step.MOUNT,
                        () -> Mount.start(session, job.project().get(), job.name(), probe.sshfsOptions(), traffic));
            }
            brokerPort = timed(Step.BROKER, this::forward);
        } catch (NodeFault | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Takes a node all the way up to where a consumer can start.
     *
     * @param node the node
     * @param ssh how nodes are reached
     * @param job what the run wants of it
     * @param events is told what happens
     * @return to be closed
     * @throws NodeFault when it cannot be used; nothing is left on it then
     */
    public static NodeSession open(ClusterNode node, SshSettings ssh, NodeJob job, NodeEvents events)
            throws NodeFault, InterruptedException {
        return new NodeSession(node, ssh, job, events);
    }

    private interface Work<T> {
        T run() throws NodeFault, InterruptedException;
    }

    private <T> T timed(Step step, Work<T> work) throws NodeFault, InterruptedException {
        long start = System.nanoTime();
        T result = work.run();
        events.done(step, Duration.ofNanos(System.nanoTime() - start));
        return result;
    }

    private List<NodeFile> files() {
        List<NodeFile> files = new ArrayList<>();
        files.add(Scripts.guard());
        files.add(job.consumer());
        files.addAll(job.classPath());
        return files;
    }

    /** What the node has; also for who only wants to know. */
    static NodeProbe probe(SshSession session, List<NodeFile> files) throws NodeFault, InterruptedException {
        StringBuilder script = new StringBuilder("wanted='");
        files.forEach(file -> script.append(file.name()).append(' '));
        script.append("'\n").append(Scripts.text("probe.sh"));
        try {
            RemoteResult result =
                    session.run("exec sh -s", script.toString().getBytes(StandardCharsets.UTF_8), PROBE_LIMIT);
            return NodeProbe.read(result.out());
        } catch (IOException | IllegalArgumentException e) {
            throw new NodeFault(
                    Step.PROBE,
                    "it does not run commands: " + e.getMessage(),
                    "Try: ssh " + session.address() + " 'sh -c \"echo works\"'");
        }
    }

    private String copyJava() throws NodeFault, InterruptedException {
        NodeFile runtime = job.runtimes().forNode(probe);
        NodeCache.copy(session, List.of(runtime), probe.cached());
        return NodeCache.unpack(session, runtime, probe.home());
    }

    private void checkMount(NodeProbe found) throws NodeFault {
        if (job.project().isPresent() && !(found.hasSshfs() && found.hasFuse())) {
            throw new NodeFault(
                    Step.MOUNT,
                    found.hasSshfs() ? "it has no usable /dev/fuse" : "it has no sshfs",
                    (found.hasSshfs() ? "Let the user read and write /dev/fuse there" : "There: " + found.install())
                            + "; or, for tables that touch no files, run with --no-remote-mount-needed.");
        }
    }

    private NodeGuard startGuard() throws NodeFault, InterruptedException {
        try {
            return NodeGuard.start(session, Scripts.guard().name(), job.name(), events);
        } catch (IOException e) {
            throw lost(Step.CONSUMER, e);
        }
    }

    private int forward() throws NodeFault {
        try {
            return session.forward(job.brokerPort());
        } catch (IOException e) {
            throw new NodeFault(
                    Step.BROKER,
                    "its SSH server forwards no port: " + e.getMessage(),
                    "Set AllowTcpForwarding yes in its sshd_config.");
        }
    }

    private static NodeFault lost(Step step, IOException e) {
        return new NodeFault(
                step, "the connection broke: " + e.getMessage(), "See whether the node and its network are up.");
    }

    /**
     * What the node has.
     *
     * @return as it was when the session opened
     */
    public NodeProbe probe() {
        return probe;
    }

    SshSession ssh() {
        return session;
    }

    /** Median round trip from the node to an echo server where the broker would be, in nanoseconds. */
    long brokerRoundTrip() throws NodeFault, InterruptedException {
        String command = "exec '" + java.replace("'", "'\\''") + "' -jar '"
                + cached(job.consumer()).replace("'", "'\\''") + "' --echo-port " + brokerPort;
        try {
            RemoteResult result = session.run(command, new byte[0], CONSUMER_LIMIT);
            return Long.parseLong(result.out().strip());
        } catch (IOException | NumberFormatException e) {
            throw new NodeFault(
                    Step.BROKER,
                    "its forwarded port leads nowhere: " + e.getMessage(),
                    "See AllowTcpForwarding in its sshd_config.");
        }
    }

    /**
     * What went through its mount.
     *
     * @return counters that go on
     */
    public Traffic traffic() {
        return traffic;
    }

    /**
     * Starts a consumer.
     *
     * @param javaOptions for its JVM
     * @param settings made from where things are on the node
     * @throws NodeFault when it does not start
     */
    public void startConsumer(List<String> javaOptions, SettingsMaker settings) throws NodeFault, InterruptedException {
        timed(Step.CONSUMER, () -> {
            try {
                guard.startConsumer(command(javaOptions), directory(), CONSUMER_LIMIT);
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                settings.make(place()).writeTo(text);
                for (String line :
                        text.toString(StandardCharsets.US_ASCII).lines().toList()) {
                    guard.forConsumer(line);
                }
                return job;
            } catch (IOException e) {
                throw lost(Step.CONSUMER, e);
            } catch (TimeoutException e) {
                throw new NodeFault(Step.CONSUMER, "it starts no process", "See whether it is overloaded.");
            }
        });
    }

    /**
     * Where things are on the node.
     *
     * @param project the project's root
     * @param classPath the project's jar and its libraries
     * @param brokerPort port on the node's loopback that leads to the broker
     * @param inHand file of rows being computed
     */
    public record Place(Path project, List<Path> classPath, int brokerPort, Path inHand) {
        /** Copies. */
        public Place {
            classPath = List.copyOf(classPath);
        }
    }

    /** Makes a consumer's settings. */
    public interface SettingsMaker {
        /**
         * Makes them.
         *
         * @param place where things are on the node
         * @return the settings
         */
        ConsumerSettings make(Place place);
    }

    private List<String> command(List<String> javaOptions) {
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(javaOptions);
        node.scratch().ifPresent(scratch -> command.add("-Djava.io.tmpdir=" + scratch));
        command.add("-jar");
        command.add(cached(job.consumer()));
        return command;
    }

    private String cached(NodeFile file) {
        return probe.home() + "/" + NodeCache.DIRECTORY + "/" + file.name();
    }

    private String directory() {
        return probe.home() + "/.rowmill-remote/" + job.name();
    }

    private Place place() {
        return new Place(
                Path.of(directory()),
                job.classPath().stream().map(this::cached).map(Path::of).toList(),
                brokerPort,
                Path.of(probe.home(), ".rowmill-remote", "." + job.name(), "in-hand"));
    }

    /**
     * Lets the consumer finish the rows it computes, take no more, and end.
     *
     * @throws IOException when the connection is lost
     */
    public void drain() throws IOException {
        guard.forConsumer("d");
    }

    /**
     * Ends the consumer at once.
     *
     * @throws IOException when the connection is lost
     */
    public void killConsumer() throws IOException {
        guard.killConsumer();
    }

    /**
     * Runs something once when the node is lost or closed, on a thread of the session's, or here when it is already.
     *
     * @param action short
     */
    public void onLost(Runnable action) {
        CompletableFuture<Void> told =
                guard.onExit().handle((code, error) -> null).thenRun(action);
        told.exceptionally(e -> null);
    }

    /** Ends all that the session has on the node, and waits for that, some seconds at most. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                events.printed("closing: " + e);
            }
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }
}
