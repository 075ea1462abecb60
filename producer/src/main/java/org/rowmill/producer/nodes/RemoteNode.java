package org.rowmill.producer.nodes;

import java.io.IOException;
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
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.dispatch.ConsumerCrashHandler;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.nodes.NodeEventQueue.Event;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * One other computer while the run lasts: taken up, given a consumer, watched, taken up again when it was lost. A thread of
 * its own does all that; what happens on the node reaches it by a queue.
 */
final class RemoteNode implements AutoCloseable {

    private static final int FRUITLESS_STARTS = 5;
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ClusterNode node;
    private final Cluster.Shared shared;
    private final RunLog log;
    private final NodeReporter voice;
    private final NodeEventQueue inbox = new NodeEventQueue();
    private final Thread thread;
    private final Traffic traffic = new Traffic();
    private volatile @Nullable NodeSession current;
    private volatile boolean closing;
    private volatile boolean leaving;
    private volatile long pid;
    private int fruitless;
    private Duration setAside = Duration.ZERO;
    private @Nullable Credentials credentials;

    RemoteNode(ClusterNode node, Cluster.Shared shared) {
        this.node = node;
        this.shared = shared;
        this.log = new RunLog(shared.logs().resolve(fileName(node) + ".log"), shared.console());
        this.voice = new NodeReporter(node.address(), shared.console(), log);
        this.thread = new Thread(this::work, "rowmill-node-" + node.address());
        thread.setDaemon(true);
    }

    /** Of characters that every file system takes. */
    private static String fileName(ClusterNode node) {
        return "consumer-" + node.address().replaceAll("[^A-Za-z0-9._-]", "_")
                + (node.port().isPresent() ? "-" + node.port().getAsInt() : "");
    }

    void start() {
        if (shared.options().mount()) {
            shared.nodes().mounted(node.address(), traffic);
            RunMetrics.mount(shared.registry(), node.address(), traffic);
        }
        thread.start();
    }

    String address() {
        return node.address();
    }

    /** Ends its consumer at once, and begins again after this time; returns at once. */
    void setAside(Duration time) {
        inbox.add(new Event.SetAside(time));
    }

    /** Says how long a row may take from now on. */
    void limitRows(Duration limit) {
        NodeSession running = current;
        try {
            if (running != null && !limit.isZero()) {
                running.limitRows(limit);
            }
        } catch (IOException e) {
            return; // it is lost, and told when it is there again
        }
    }

    /** Lets it finish its rows and leave; returns at once. */
    void leave() {
        leaving = true;
        inbox.add(new Event.Leave());
    }

    private void work() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!closing && !leaving) {
                setAside = Duration.ZERO;
                pause = session() ? FIRST_PAUSE : pause;
                pause = setAside.isZero() ? pause : setAside;
                shared.nodes().remove(node.address());
                if (closing || leaving || fruitless >= FRUITLESS_STARTS) {
                    return;
                }
                inbox.awaitLeave(pause);
                pause = !setAside.isZero()
                        ? FIRST_PAUSE
                        : Duration.ofMillis(Math.min(2 * pause.toMillis(), LONGEST_PAUSE.toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            shared.nodes().remove(node.address());
            log.close();
        }
    }

    /** One way up, and all until its end; whether rows could be computed there for a while. */
    private boolean session() throws InterruptedException {
        int attempt = inbox.next();
        Credentials admitted = shared.accounts().admit(node.address());
        credentials = admitted;
        try (NodeSession session = NodeSession.open(
                node,
                shared.options().ssh(),
                shared.job().attempt(attempt),
                new NodeEventForwarder(attempt),
                traffic)) {
            session.onLost(() -> inbox.add(attempt, new Event.Lost()));
            startConsumer(session);
            long ready = System.nanoTime();
            voice.ready(slots(session));
            watch(session);
            if (shared.options().mount()) {
                voice.traffic(traffic);
            }
            return System.nanoTime() - ready > LONGEST_PAUSE.toNanos();
        } catch (NodeFault fault) {
            if (!closing && !leaving) {
                voice.fault(fault);
            }
            return false;
        } finally {
            shared.accounts().revoke(admitted);
        }
    }

    private void startConsumer(NodeSession session) throws NodeFault, InterruptedException {
        int java = session.probe().java().version().orElse(0);
        Credentials admitted = Objects.requireNonNull(credentials);
        session.startConsumer(
                LocalConsumer.javaOptions(java, shared.memoryPerSlot()),
                place -> shared.settings().of(node, slots(session), place, admitted));
        current = session;
        limitRows(shared.rowLimit().get());
    }

    private int slots(NodeSession session) {
        return node.cpuLimit() > 0 ? node.cpuLimit() : session.probe().capacity().cpus();
    }

    /** Until the node is lost or has left. */
    private void watch(NodeSession session) throws NodeFault, InterruptedException {
        HeartbeatTimeout silence = new HeartbeatTimeout();
        boolean isHere = true;
        while (isHere) {
            Event event = inbox.poll(TICK);
            isHere = event == null ? !isSilent(silence) || killSilent(session, silence) : handle(session, event);
        }
        if (closing && shared.isFinished().getAsBoolean()) {
            kill(session); // all results are here; a JVM that ends by itself takes longer
        }
    }

    /** Whether the node goes on. */
    private boolean handle(NodeSession session, Event event) throws NodeFault, InterruptedException {
        if (event instanceof Event.ConsumerEnded ended) {
            return !closing && !leaving && replace(session, ended);
        }
        if (event instanceof Event.Lost) {
            warnUnlessClosing("lost; others compute its rows, and it is tried again");
            return false;
        }
        if (event instanceof Event.MountLost mount) {
            warnUnlessClosing("mount: " + mount.how() + "; others compute its rows, and it is mounted anew");
            return abort(session);
        }
        if (event instanceof Event.SetAside aside) {
            setAside = aside.time();
            return abort(session);
        }
        return !closing && drain(session);
    }

    private void warnUnlessClosing(String text) {
        if (!closing) {
            voice.warn(text);
        }
    }

    private static boolean abort(NodeSession session) {
        try {
            session.abort();
        } catch (IOException e) {
            return false; // it is lost, too
        }
        return false;
    }

    private boolean isSilent(HeartbeatTimeout silence) {
        return silence.tick(shared.nodes().beats(node.address(), pid)) && !closing;
    }

    /** Whether the node goes on: not when nothing can end the consumer, as where it waits for a disk that is gone. */
    private boolean killSilent(NodeSession session, HeartbeatTimeout silence) {
        String hangs = "the consumer (pid " + pid + ") hangs: no sign of life for " + silence.seconds() + " s; ";
        if (silence.seconds() > HeartbeatTimeout.LIMIT_SECONDS) {
            warnUnlessClosing(hangs + "it cannot be killed; the node is tried again");
            return abort(session);
        }
        warnUnlessClosing(hangs + "it is killed and replaced");
        return kill(session);
    }

    /** Whether the node goes on. */
    private boolean replace(NodeSession session, Event.ConsumerEnded ended) throws NodeFault, InterruptedException {
        String how = ConsumerCrashHandler.describe(ended.exitCode(), log.tail());
        voice.verbose("the consumer " + how + " with " + ended.inHand().size() + " rows in hand; it is replaced");
        shared.crashes()
                .crashed(new ConsumerCrash(
                        ended.inHand(), node.address(), "on " + node.address() + " ", how, log.tail()));
        fruitless =
                ended.inHand().isEmpty() && shared.nodes().rows(node.address(), ended.pid()) == 0 ? fruitless + 1 : 0;
        if (fruitless >= FRUITLESS_STARTS) {
            voice.fruitless(how, fruitless);
            return false;
        }
        startConsumer(session);
        return true;
    }

    /** Whether there is something to wait for. */
    private boolean drain(NodeSession session) {
        try {
            session.drain();
            voice.verbose("leaves when its rows are computed");
            return true;
        } catch (IOException e) {
            return false; // it is lost
        }
    }

    /** Whether the node is there. */
    private static boolean kill(NodeSession session) {
        try {
            session.killConsumer();
            return true;
        } catch (IOException e) {
            return false; // it is lost
        }
    }

    /** Puts what happens on the node into the queue, or into the log. */
    private final class NodeEventForwarder implements NodeEvents {

        private final int attempt;

        NodeEventForwarder(int attempt) {
            this.attempt = attempt;
        }

        @Override
        public void done(ConnectionStep step, Duration time) {
            voice.step(step, time);
        }

        @Override
        public void printed(String line) {
            log.add(line);
        }

        @Override
        public void consumerStarted(long started) {
            pid = started;
            voice.verbose("consumer started: pid " + started);
        }

        @Override
        public void consumerEnded(int exitCode, List<HeldRow> inHand) {
            inbox.add(attempt, new Event.ConsumerEnded(pid, exitCode, inHand));
        }

        @Override
        public void mountLost(String how) {
            inbox.add(attempt, new Event.MountLost(how));
        }
    }

    /** Says that the run is over; {@link #close} waits. */
    void end() {
        closing = true;
        inbox.add(new Event.Leave());
    }

    @Override
    public void close() {
        end();
        try {
            thread.join(CLOSE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt(); // in the middle of a way up
                thread.join(CLOSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
