package org.rowmill.mounter.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.Step;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * A node that works for a run: connected, with the files it needs, the project mounted, a way to the broker, and a guard
 * that ends all that when the head is gone. Thread-safe.
 */
public final class NodeSession implements AutoCloseable {

    private static final Duration CONSUMER_LIMIT = Duration.ofSeconds(20);

    private final NodeJob job;
    private final NodeEvents events;
    private final Resources open;
    private final SshSession session;
    private final NodeProbe probe;
    private final NodeLayout layout;
    private final MountWatch mount;
    private final NodeAgent agent;
    private final BrokerConnection broker;

    private NodeSession(ClusterNode node, SshSettings ssh, NodeJob job, NodeEvents events, Traffic traffic)
            throws NodeFault, InterruptedException {
        this.job = job;
        this.events = events;
        this.open = new Resources(e -> events.printed("closing: " + e));
        try {
            session = open.opened(SshSession.connect(node, ssh));
            events.done(Step.CONNECT, session.connectTime());
            NodePreparation preparation = new NodePreparation(session, node, job);
            probe = timed(Step.PROBE, preparation::probe);
            preparation.check(probe);
            timed(Step.COPY, () -> {
                preparation.copy(probe);
                return probe;
            });
            layout = new NodeLayout(node, job, probe, java(preparation));
            mount = new MountWatch(traffic, events);
            agent = open.opened(startGuard());
            if (job.project().isPresent()) {
                timed(
                        Step.MOUNT,
                        () -> Mount.start(
                                session, job.project().get(), job.name(), probe.sshfsOptions(), traffic, mount));
                open.opened(mount);
            }
            broker = timed(Step.BROKER, () -> BrokerConnection.open(session, job.broker(), layout.checks()));
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

    public interface Work<T> {
        T run() throws NodeFault, InterruptedException;
    }

    private <T> T timed(Step step, Work<T> work) throws NodeFault, InterruptedException {
        long start = System.nanoTime();
        T result = work.run();
        events.done(step, Duration.ofNanos(System.nanoTime() - start));
        return result;
    }

    private String java(NodePreparation preparation) throws NodeFault, InterruptedException {
        return probe.java().isPresent() ? probe.java().get() : timed(Step.JAVA, () -> preparation.copyJava(probe));
    }

    private NodeAgent startGuard() throws NodeFault, InterruptedException {
        try {
            return NodeAgent.start(session, Scripts.agent().name(), job.name(), events, mount);
        } catch (IOException e) {
            throw new NodeFault(
                    Step.CONSUMER,
                    "nothing can be started in its ~/.rowmill-remote: " + e.getMessage(),
                    "Make room there, or make it writable.");
        }
    }

    private static NodeFault notStarted(IOException e) {
        return new NodeFault(
                Step.CONSUMER, "it does not start: " + e.getMessage(), "It is taken up anew, mount and all.");
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

    BrokerConnection broker() {
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
                agent.startConsumer(layout.consumer(javaOptions), layout.directory(), CONSUMER_LIMIT);
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                settings.make(layout.place(broker)).writeTo(text);
                for (String line :
                        text.toString(StandardCharsets.US_ASCII).lines().toList()) {
                    agent.forConsumer(line);
                }
                return job;
            } catch (IOException e) {
                throw session.isAlive() ? notStarted(e) : NodeFault.lost(Step.CONSUMER, e);
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

    /**
     * Lets the consumer finish the rows it computes, take no more, and end.
     *
     * @throws IOException when the connection is lost
     */
    public void drain() throws IOException {
        agent.forConsumer(ConsumerControl.DRAIN.line());
    }

    /**
     * Says how long a row may take from now on.
     *
     * @param limit zero: for ever
     * @throws IOException when the connection is lost
     */
    public void limitRows(Duration limit) throws IOException {
        agent.forConsumer(ConsumerControl.limitRows(limit).line());
    }

    /**
     * Ends the consumer at once.
     *
     * @throws IOException when the connection is lost
     */
    public void killConsumer() throws IOException {
        agent.killConsumer();
    }

    /**
     * Ends consumer and mount at once, also where the mount hangs. Only {@link #close} is of use after it.
     *
     * @throws IOException when the connection is lost
     */
    public void abort() throws IOException {
        agent.abort();
    }

    /**
     * Runs something once when the node is lost or closed, on a thread of the session's, or here when it is already.
     *
     * @param action short
     */
    public void onLost(Runnable action) {
        CompletableFuture<Void> told =
                agent.onExit().handle((code, error) -> null).thenRun(action);
        told.exceptionally(e -> null);
    }

    /** Ends all that the session has on the node, and waits for that, some seconds at most. */
    @Override
    public void close() {
        open.close();
    }
}
