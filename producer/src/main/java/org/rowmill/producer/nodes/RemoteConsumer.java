package org.rowmill.producer.nodes;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.Credentials;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.NodeEvents;
import org.rowmill.mounter.node.NodeSession;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.producer.dispatch.ConsumerEnd;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.HeldRow;

/** The consumer of another node: a process there, in an SSH session that ends with it when the connection breaks. */
final class RemoteConsumer implements ConsumerHandle {

    private final ClusterNode node;
    private final String name;
    private final NodeSetup setup;
    private final RunContext context;
    private final RunLog log;
    private final NodeReporter reporter;
    private final Traffic traffic;
    private final CancellableWork preparation = new CancellableWork();
    private @Nullable Credentials credentials;
    private volatile @Nullable NodeSession session;
    private volatile long pid;
    private boolean isReady;

    RemoteConsumer(ClusterNode node, NodeSetup setup, RunContext context, RunLog log, NodeReporter reporter) {
        this.node = node;
        this.name = NodeName.of(node);
        this.setup = setup;
        this.context = context;
        this.log = log;
        this.reporter = reporter;
        this.traffic = setup.options().mount() ? new Traffic(setup.traffic().of(name)) : new Traffic();
    }

    /** Shows from now on what goes through the mount of the node. */
    void measureMount() {
        if (setup.options().mount()) {
            context.consumers().mounted(name, setup.traffic().of(name));
        }
    }

    @Override
    public void connect(NodeEventQueue.Session events) throws NodeFault, InterruptedException {
        preparation.run(() -> openSession(events));
    }

    private void openSession(NodeEventQueue.Session events) throws NodeFault, InterruptedException {
        isReady = false;
        credentials = setup.accounts().admit(name);
        NodeSession opened = NodeSession.open(
                node,
                setup.options().ssh(),
                setup.job().attempt(events.number()),
                new NodeEventForwarder(events),
                traffic);
        session = opened;
        opened.onLost(() -> events.add(new NodeEvent.Lost()));
    }

    @Override
    public void start(NodeEventQueue.Session events) throws NodeFault, InterruptedException {
        preparation.run(this::startConsumer);
    }

    private void startConsumer() throws NodeFault, InterruptedException {
        NodeSession connected = Objects.requireNonNull(session);
        Credentials admitted = Objects.requireNonNull(credentials);
        int slots = node.cpuLimit() > 0
                ? node.cpuLimit()
                : connected.probe().capacity().cpus();
        connected.startConsumer(
                ConsumerJvm.options(
                        connected.probe().java().version().orElse(0), context.memoryPerSlot(), context.world()),
                locations -> setup.settings().make(node, slots, locations, admitted));
        if (!isReady) {
            reporter.ready(slots);
            isReady = true;
        }
    }

    @Override
    public void cancel() {
        preparation.cancel();
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public long heartbeats() {
        return context.consumers().beats(name, pid);
    }

    @Override
    public boolean hasComputed(long ended) {
        return context.consumers().rows(name, ended) > 0;
    }

    @Override
    public void limitRows(Duration limit) throws IOException {
        connected().limitRows(limit);
    }

    @Override
    public void drain() throws IOException {
        context.consumers().drained(name);
        connected().drain();
        reporter.verbose("leaves the run when its rows are computed");
    }

    @Override
    public void kill() throws IOException {
        connected().killConsumer();
    }

    private NodeSession connected() throws IOException {
        NodeSession connected = session;
        if (connected == null) {
            throw new IOException(name + " is not connected");
        }
        return connected;
    }

    @Override
    public void abort() {
        try {
            connected().abort();
        } catch (IOException e) {
            reporter.verbose("the connection is lost too: " + e.getMessage());
        }
        closeSession();
    }

    @Override
    public void close() {
        if (context.rows().areFinished()) {
            killIfConnected(); // all results are here; a JVM that ends by itself takes longer
        }
        closeSession();
    }

    private void killIfConnected() {
        NodeSession connected = session;
        try {
            if (connected != null) {
                connected.killConsumer();
            }
        } catch (IOException e) {
            return; // the connection is lost, and the node agent kills it
        }
    }

    private void closeSession() {
        NodeSession connected = session;
        Credentials admitted = credentials;
        session = null;
        credentials = null;
        try {
            if (connected != null) {
                reportTraffic();
                connected.close();
            }
        } finally {
            if (admitted != null) {
                setup.accounts().revoke(admitted);
            }
            context.consumers().remove(name);
        }
    }

    private void reportTraffic() {
        if (isReady && setup.options().mount()) {
            reporter.traffic(traffic);
        }
    }

    @Override
    public void giveUp(ConsumerEnd end, int times) {
        reporter.warn("excluded: its consumer " + reporter.fruitless(end, times));
    }

    @Override
    public void report(Exception error) {
        StringWriter stack = new StringWriter();
        error.printStackTrace(new PrintWriter(stack));
        stack.toString().lines().forEach(log::add);
        reporter.warn("excluded for the rest of the run, because of a bug in Rowmill: " + error + ". Stack trace: "
                + log.file());
    }

    /** Forwards what happens on the node to the supervisor or to the log. Called on threads of the session. */
    private final class NodeEventForwarder implements NodeEvents {

        private final NodeEventQueue.Session events;

        NodeEventForwarder(NodeEventQueue.Session events) {
            this.events = events;
        }

        @Override
        public void done(ConnectionStep step, Duration time) {
            reporter.step(step, time);
        }

        @Override
        public void warned(String text) {
            reporter.warnOnce(text);
        }

        @Override
        public void noted(String what) {
            reporter.verbose(what);
        }

        @Override
        public void printed(String line) {
            log.add(line);
        }

        @Override
        public void consumerStarted(long started) {
            pid = started;
            reporter.verbose("consumer started: pid " + started);
        }

        @Override
        public void consumerEnded(int exitCode, List<HeldRow> inHand) {
            events.add(new NodeEvent.ConsumerEnded(pid, exitCode, inHand));
        }

        @Override
        public void changeRefused(String path) {
            if (setup.refused().add(name, path)) {
                reporter.changeRefused(path);
            }
        }

        @Override
        public void linkLeadsOutside(String link, String target) {
            reporter.linkLeadsOutside(link, target);
        }

        @Override
        public void mountLost(String how) {
            events.add(new NodeEvent.MountLost(how));
        }
    }
}
