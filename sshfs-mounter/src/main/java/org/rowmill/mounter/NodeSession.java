package org.rowmill.mounter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.rowmill.schemas.ClusterNode;
import org.rowmill.schemas.ConsumerSettings;
import org.rowmill.schemas.Resources;

/**
 * A node that works for a run: connected, with the files it needs, the project mounted, a way to the broker, and a guard
 * that ends all that when the head is gone. Thread-safe.
 */
public final class NodeSession implements AutoCloseable {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);
    private static final Duration CONSUMER_LIMIT = Duration.ofSeconds(20);
    private static final String DEFAULT_SCRATCH = "/tmp"; // Java's, whatever TMPDIR says

    private final ClusterNode node;
    private final NodeJob job;
    private final NodeEvents events;
    private final Resources open;
    private final SshSession session;
    private final NodeProbe probe;
    private final String java;
    private final MountWatch mount;
    private final NodeGuard guard;
    private final BrokerWay broker;

    private NodeSession(ClusterNode node, SshSettings ssh, NodeJob job, NodeEvents events, Traffic traffic)
            throws NodeFault, InterruptedException {
        this.node = node;
        this.job = job;
        this.events = events;
        this.open = new Resources(e -> events.printed("closing: " + e));
        try {
            session = open.opened(SshSession.connect(node, ssh));
            events.done(Step.CONNECT, session.connectTime());
            List<NodeFile> files = files();
            probe = timed(Step.PROBE, () -> probe(files));
            checkMount(probe);
            checkScratch(probe);
            timed(Step.COPY, () -> {
                NodeCache.copy(session, files, probe.cached());
                return files;
            });
            java = probe.java().isPresent() ? probe.java().get() : timed(Step.JAVA, this::copyJava);
            mount = new MountWatch(traffic, events);
            guard = open.opened(startGuard());
            if (job.project().isPresent()) {
                timed(
                        Step.MOUNT,
                        () -> Mount.start(
                                session, job.project().get(), job.name(), probe.sshfsOptions(), traffic, mount));
                open.opened(mount);
            }
            broker = timed(Step.BROKER, () -> BrokerWay.open(session, job.broker(), checks()));
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
     * @param traffic counts what goes through its mount
     * @return to be closed
     * @throws NodeFault when it cannot be used; nothing is left on it then
     */
    public static NodeSession open(ClusterNode node, SshSettings ssh, NodeJob job, NodeEvents events, Traffic traffic)
            throws NodeFault, InterruptedException {
        return new NodeSession(node, ssh, job, events, traffic);
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
    private NodeProbe probe(List<NodeFile> files) throws NodeFault, InterruptedException {
        StringBuilder script = new StringBuilder("wanted='");
        files.forEach(file -> script.append(file.name()).append(' '));
        script.append("'\nscratch=").append(quoted(node.scratch().orElse(DEFAULT_SCRATCH)));
        script.append('\n').append(Scripts.text("probe.sh"));
        try {
            RemoteResult result =
                    session.run("exec sh -s rowmill", script.toString().getBytes(StandardCharsets.UTF_8), PROBE_LIMIT);
            return NodeProbe.read(result.out());
        } catch (IOException | IllegalArgumentException e) {
            throw new NodeFault(
                    Step.PROBE,
                    "it does not run commands: " + e.getMessage(),
                    "Try: ssh " + session.address()
                            + " 'sh -c \"echo works\"'; see also the start-up files of its shell.");
        }
    }

    private String copyJava() throws NodeFault, InterruptedException {
        NodeFile runtime = job.runtimes().forNode(probe);
        NodeCache.copy(session, List.of(runtime), probe.cached());
        String command = NodeCache.unpack(session, runtime, probe.home());
        try {
            RemoteResult result = session.run("exec " + quoted(command) + " -version", new byte[0], CONSUMER_LIMIT);
            if (result.exitCode() != 0) {
                throw new NodeFault(
                        Step.JAVA,
                        "it has none, and this computer's, copied to its ~/" + NodeCache.DIRECTORY
                                + ", does not run there: "
                                + result.err().strip().replaceAll("\\s+", " "),
                        "Mount its home without noexec, or install the package openjdk-17-jre-headless there.");
            }
            return command;
        } catch (IOException e) {
            throw lost(Step.JAVA, e);
        }
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

    private void checkScratch(NodeProbe found) throws NodeFault {
        if (node.scratch().isPresent() && !found.hasScratch()) {
            throw new NodeFault(
                    Step.PROBE,
                    "its scratch directory " + node.scratch().get() + " cannot be written, or is full",
                    "Make it, make room in it, or name another one in the column scratch of the cluster file.");
        }
    }

    private NodeGuard startGuard() throws NodeFault, InterruptedException {
        try {
            return NodeGuard.start(session, Scripts.guard().name(), job.name(), events, mount);
        } catch (IOException e) {
            throw new NodeFault(
                    Step.CONSUMER,
                    "nothing can be started in its ~/.rowmill-remote: " + e.getMessage(),
                    "Make room there, or make it writable.");
        }
    }

    /** The consumer's jar for the node's shell, as a program that only measures. */
    private String checks() {
        return "exec '" + java.replace("'", "'\\''") + "' -XX:TieredStopAtLevel=1 -jar '"
                + cached(job.consumer()).replace("'", "'\\''") + "'";
    }

    private static NodeFault notStarted(IOException e) {
        return new NodeFault(
                Step.CONSUMER, "it does not start: " + e.getMessage(), "It is taken up anew, mount and all.");
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

    BrokerWay broker() {
        return broker;
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
                throw session.isAlive() ? notStarted(e) : lost(Step.CONSUMER, e);
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
     * @param brokerHost what the node connects to: its loopback, or the head
     * @param brokerPort a port there that leads to the broker
     * @param inHand file of rows being computed
     */
    public record Place(Path project, List<Path> classPath, String brokerHost, int brokerPort, Path inHand) {
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

    private String state() {
        return probe.home() + "/.rowmill-remote/." + job.name();
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
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
                broker.host(),
                broker.port(),
                Path.of(state(), "in-hand"));
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
     * Says how long a row may take from now on.
     *
     * @param limit zero: for ever
     * @throws IOException when the connection is lost
     */
    public void limitRows(Duration limit) throws IOException {
        guard.forConsumer("t" + limit.toMillis());
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
     * Ends consumer and mount at once, also where the mount hangs. Only {@link #close} is of use after it.
     *
     * @throws IOException when the connection is lost
     */
    public void abort() throws IOException {
        guard.abort();
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
        open.close();
    }
}
