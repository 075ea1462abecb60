package org.rowmill.mounter.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * A node that is prepared for a run: it is connected, has the files it needs, mounts the project and can connect to the
 * broker. The node agent there ends everything if the head is gone. Thread-safe.
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
            events.done(ConnectionStep.CONNECT, session.connectTime());
            session.notes().forEach(events::noted);
            NodePreparation preparation = new NodePreparation(session, node, job);
            probe = timed(ConnectionStep.PROBE, preparation::probe);
            open.opened(job.machines().claim(new Machines.Arrival(node, probe.machine(), route())));
            preparation.check(probe);
            timed(ConnectionStep.COPY, () -> {
                preparation.copy(probe);
                return probe;
            });
            layout = new NodeLayout(node, job, probe, java(preparation));
            mount = new MountWatch(traffic, events);
            agent = open.opened(startAgent());
            if (job.project().isPresent()) {
                timed(
                        ConnectionStep.MOUNT,
                        () -> Mount.start(
                                session,
                                job.project().get(),
                                layout.name(),
                                probe.sshfs().options(),
                                traffic,
                                mount,
                                events));
                open.opened(mount);
            }
            broker = timed(
                    ConnectionStep.BROKER, () -> BrokerConnection.open(session, job.broker(), layout.checkCommand()));
        } catch (NodeFault | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Prepares a node up to the point where a consumer can start.
     *
     * @param node the node
     * @param ssh how to reach nodes
     * @param job what the run needs there
     * @param events receives what happens on the node
     * @param traffic counts what the node reads and writes through its mount
     * @return a session; the caller closes it
     * @throws NodeFault if the node cannot be used; nothing of the run is left on it then
     */
    public static NodeSession open(ClusterNode node, SshSettings ssh, NodeJob job, NodeEvents events, Traffic traffic)
            throws NodeFault, InterruptedException {
        return new NodeSession(node, ssh, job, events, traffic);
    }

    private interface Work<T> {
        T run() throws NodeFault, InterruptedException;
    }

    private <T> T timed(ConnectionStep step, Work<T> work) throws NodeFault, InterruptedException {
        long start = System.nanoTime();
        T result = work.run();
        events.done(step, Duration.ofNanos(System.nanoTime() - start));
        return result;
    }

    private String java(NodePreparation preparation) throws NodeFault, InterruptedException {
        return probe.java().command().isPresent()
                ? probe.java().command().get()
                : timed(ConnectionStep.JAVA, () -> preparation.copyJava(probe));
    }

    private NodeAgent startAgent() throws NodeFault, InterruptedException {
        try {
            return NodeAgent.start(session, NodeScripts.agent().name(), layout, events, mount, job.world());
        } catch (IOException e) {
            throw new NodeFault(
                    ConnectionStep.CONSUMER,
                    "the node agent cannot be started in its ~/.rowmill-remote: " + e.getMessage(),
                    "Free some space there, or make it writable.");
        }
    }

    private static NodeFault notStarted(IOException e) {
        return new NodeFault(
                ConnectionStep.CONSUMER,
                "the consumer does not start: " + e.getMessage(),
                "Rowmill connects to the node and mounts the project again.");
    }

    /**
     * Returns what the node has.
     *
     * @return the result of the probe at the start of the session
     */
    public NodeProbe probe() {
        return probe;
    }

    private Machines.Route route() {
        InetAddress head = session.headAddress();
        if (head.isLoopbackAddress()) {
            return Machines.Route.LOOPBACK;
        }
        return head.getHostAddress().equals(session.nodeAddress()) ? Machines.Route.OWN_ADDRESS : Machines.Route.OTHER;
    }

    /** Returns the name of the mount point. */
    String mountName() {
        return layout.name();
    }

    SshSession ssh() {
        return session;
    }

    BrokerConnection broker() {
        return broker;
    }

    /** Makes a consumer's settings. */
    public interface SettingsMaker {
        /**
         * Makes them.
         *
         * @param locations where the consumer finds its files and the broker
         * @return the settings
         */
        ConsumerSettings make(NodeLocations locations);
    }

    /**
     * Starts a consumer.
     *
     * @param javaOptions for its JVM
     * @param settings makes its settings
     * @throws NodeFault if the consumer does not start
     */
    public void startConsumer(List<String> javaOptions, SettingsMaker settings) throws NodeFault, InterruptedException {
        timed(ConnectionStep.CONSUMER, () -> {
            try {
                agent.startConsumer(layout.consumerCommand(javaOptions), layout.directory(), CONSUMER_LIMIT);
                sendSettings(settings.make(layout.locations(broker)));
                return job;
            } catch (IOException e) {
                throw session.isAlive() ? notStarted(e) : NodeFault.lost(ConnectionStep.CONSUMER, e);
            } catch (TimeoutException e) {
                throw new NodeFault(
                        ConnectionStep.CONSUMER,
                        "the consumer does not start within " + CONSUMER_LIMIT.toSeconds() + " s",
                        "Check whether the node is overloaded.");
            }
        });
    }

    private void sendSettings(ConsumerSettings settings) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        settings.writeTo(text);
        for (String line : text.toString(StandardCharsets.US_ASCII).lines().toList()) {
            agent.sendToConsumer(line);
        }
    }

    /**
     * Lets the consumer finish the rows that it computes, take no more, and end.
     *
     * @throws IOException if the connection is lost
     */
    public void drain() throws IOException {
        agent.sendToConsumer(ConsumerControl.DRAIN.line());
    }

    /**
     * Changes the time limit of rows.
     *
     * @param limit how long a row may take; zero: without a limit
     * @throws IOException if the connection is lost
     */
    public void limitRows(Duration limit) throws IOException {
        agent.sendToConsumer(ConsumerControl.limitRows(limit).line());
    }

    /**
     * Kills the consumer.
     *
     * @throws IOException if the connection is lost
     */
    public void killConsumer() throws IOException {
        agent.killConsumer();
    }

    /**
     * Kills the consumer and the mount, even if the mount hangs. Afterwards the session can only be closed.
     *
     * @throws IOException if the connection is lost
     */
    public void abort() throws IOException {
        agent.abort();
    }

    /**
     * Runs an action once when the node is lost or the session is closed. Runs it at once in the calling thread if that
     * has happened already, otherwise in a thread of the session.
     *
     * @param action must be short
     */
    public void onLost(Runnable action) {
        CompletableFuture<Void> done =
                agent.onExit().handle((code, error) -> null).thenRun(action);
        done.exceptionally(e -> null);
    }

    /** Ends everything that the session has on the node, and waits a few seconds at most for it. */
    @Override
    public void close() {
        open.close();
    }
}
