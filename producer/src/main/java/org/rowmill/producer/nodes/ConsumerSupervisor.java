package org.rowmill.producer.nodes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.ConsumerCrashHandler;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * Keeps a consumer on one node, the head or another, while the run lasts: starts it, watches it, replaces it. A thread of its
 * own takes events from the queue, asks {@link ConsumerLife} what to do, and lets a {@link ConsumerHandle} do it. The other
 * threads only add events.
 */
public final class ConsumerSupervisor implements HeadConsumer {

    private static final Duration NODE_CLOSE_LIMIT = Duration.ofSeconds(10);

    private final String node;
    private final ConsumerLife life;
    private final ConsumerHandle handle;
    private final NodeReporter reporter;
    private final RunContext context;
    private final Duration closeLimit;
    private final LongSupplier nanoTime;
    private final Thread thread;
    private final NodeEventQueue events = new NodeEventQueue();
    private final NodeEvent.Handler handler = new EventHandler();
    private NodeEventQueue.Session session = events.newSession();
    private volatile boolean isLeaving;
    private volatile boolean isStopping;

    /**
     * Supervises a consumer.
     *
     * @param node its name
     * @param life decides
     * @param handle carries out
     * @param reporter prints messages
     * @param context of the run
     * @param threadName of the thread that supervises
     * @param closeLimit how long the end of the session may take
     * @param nanoTime the time in nanoseconds
     */
    ConsumerSupervisor(
            String node,
            ConsumerLife life,
            ConsumerHandle handle,
            NodeReporter reporter,
            RunContext context,
            String threadName,
            Duration closeLimit,
            LongSupplier nanoTime) {
        this.node = node;
        this.life = life;
        this.handle = handle;
        this.reporter = reporter;
        this.context = context;
        this.closeLimit = closeLimit;
        this.nanoTime = nanoTime;
        this.thread = Threads.daemon(threadName, this::supervise);
    }

    /** Supervises the consumer of the head. If it cannot be kept alive, {@code stop} is requested. */
    public static ConsumerSupervisor ofHead(Path jar, ConsumerSettings settings, RunContext context, StopSignal stop)
            throws IOException {
        RunLog log = new RunLog(context.logs().resolve("consumer.log"), context.console());
        NodeReporter reporter = NodeReporter.ofHead(context.console(), log);
        return new ConsumerSupervisor(
                settings.node(),
                new ConsumerLife(ConsumerLife.Rules.HEAD),
                new LocalConsumer(jar, settings, context, log, reporter, stop),
                reporter,
                context,
                "rowmill-consumer-watch",
                LocalConsumer.CLOSE_LIMIT,
                System::nanoTime);
    }

    /** Supervises the consumer of another node. */
    static ConsumerSupervisor ofNode(ClusterNode node, NodeSetup setup, RunContext context) {
        RunLog log = new RunLog(context.logs().resolve(fileName(node) + ".log"), context.console());
        NodeReporter reporter = NodeReporter.ofNode(node.address(), context.console(), log);
        RemoteConsumer consumer = new RemoteConsumer(node, setup, context, log, reporter);
        consumer.measureMount();
        return new ConsumerSupervisor(
                node.address(),
                new ConsumerLife(ConsumerLife.Rules.NODE),
                consumer,
                reporter,
                context,
                "rowmill-node-" + node.address(),
                NODE_CLOSE_LIMIT,
                System::nanoTime);
    }

    /** Contains only characters that every file system accepts. */
    private static String fileName(ClusterNode node) {
        return "consumer-" + node.address().replaceAll("[^A-Za-z0-9._-]", "_")
                + (node.port().isPresent() ? "-" + node.port().getAsInt() : "");
    }

    String node() {
        return node;
    }

    /** Starts the consumer on the calling thread, and supervises it from then on. */
    @Override
    public void start() throws IOException {
        try {
            carryOut(life.begin());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the consumer started");
        }
        thread.start();
    }

    /** Starts the consumer in the background; returns at once. */
    void startInBackground() {
        thread.start();
    }

    @Override
    public void exclude(Duration time) {
        events.add(new NodeEvent.Exclude(time));
    }

    @Override
    public void limitRows(Duration limit) {
        events.add(new NodeEvent.LimitRows(limit));
    }

    /** Lets the consumer finish its rows and the node leave the run; returns at once. */
    void leave() {
        isLeaving = true;
        events.add(new NodeEvent.Leave());
    }

    /** Ends the consumer and the supervision; returns at once, {@link #close} waits. */
    void stop() {
        isStopping = true;
        events.add(new NodeEvent.Stop());
    }

    @Override
    public void kill() {
        stop();
        try {
            handle.kill();
        } catch (IOException e) {
            reporter.verbose("the consumer cannot be killed: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        stop();
        try {
            thread.join(closeLimit.toMillis());
            if (thread.isAlive()) {
                thread.interrupt(); // it connects to the node, for example
                thread.join(closeLimit.toMillis());
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        try {
            carryOut(life.begin());
            while (!life.hasEnded()) {
                handleNext();
            }
        } catch (InterruptedException e) {
            closeAnyway();
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            handle.report(e);
            closeAnyway();
        } finally {
            reporter.close();
        }
    }

    private void closeAnyway() {
        try {
            handle.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handleNext() throws IOException, InterruptedException {
        Optional<NodeEvent> event = events.poll(life.untilTick(now()));
        if (event.isPresent()) {
            event.get().dispatch(handler);
        } else {
            tick();
        }
    }

    private void tick() throws IOException, InterruptedException {
        long pid = handle.pid();
        Optional<ConsumerLife.Action> action = life.tick(context.consumers().beats(node, pid), now());
        int silent = life.secondsWithoutHeartbeat();
        action.filter(next -> next == ConsumerLife.Action.KILL || next == ConsumerLife.Action.ABORT)
                .ifPresent(next -> warnUnlessStopping(
                        () -> reporter.hangs(pid, silent, next == ConsumerLife.Action.KILL)));
        carryOut(action);
    }

    private void warnUnlessStopping(Runnable warning) {
        if (!isStopping) {
            warning.run();
        }
    }

    private long now() {
        return nanoTime.getAsLong();
    }

    private void carryOut(Optional<ConsumerLife.Action> action) throws IOException, InterruptedException {
        if (action.isPresent()) {
            carryOut(action.get());
        }
    }

    private void carryOut(ConsumerLife.Action action) throws IOException, InterruptedException {
        switch (action) {
            case CONNECT -> connect();
            case START -> startConsumer();
            case KILL -> attempt(handle::kill);
            case DRAIN -> attempt(handle::drain);
            case ABORT -> {
                handle.abort();
                endSession();
            }
            case CLOSE, GIVE_UP -> {
                handle.close();
                endSession();
            }
        }
    }

    private void connect() throws IOException, InterruptedException {
        try {
            handle.connect(session);
            session.add(new NodeEvent.Connected()); // not handled at once: the run may have other wishes by now
        } catch (NodeFault fault) {
            failed(fault);
        }
    }

    private void startConsumer() throws IOException, InterruptedException {
        if (isStopping) {
            return; // the event is in the queue
        }
        try {
            handle.start(session);
            limitRows(context.rows().timeLimit().get(), handle);
            life.started(now());
        } catch (NodeFault fault) {
            failed(fault);
        }
    }

    private void failed(NodeFault fault) throws IOException, InterruptedException {
        if (!isStopping && !isLeaving) {
            reporter.fault(fault);
        }
        carryOut(life.failed());
    }

    private interface Request {
        void send() throws IOException;
    }

    private void attempt(Request request) throws IOException, InterruptedException {
        try {
            request.send();
        } catch (IOException e) {
            carryOut(life.lost(now()));
        }
    }

    private static void limitRows(Duration limit, ConsumerHandle handle) {
        try {
            if (!limit.isZero()) {
                handle.limitRows(limit);
            }
        } catch (IOException e) {
            return; // the consumer has ended; the next one gets the limit when it starts
        }
    }

    private void endSession() {
        session = events.newSession();
        life.closed(now());
    }

    /** Handles events on the supervisor's thread. */
    private final class EventHandler implements NodeEvent.Handler {

        @Override
        public void connected() throws IOException, InterruptedException {
            carryOut(life.connected());
        }

        @Override
        public void consumerEnded(long pid, int exitCode, List<HeldRow> inHand)
                throws IOException, InterruptedException {
            if (isStopping) {
                return; // the run has ended it; the event that says so is in the queue
            }
            String how = ConsumerCrashHandler.describe(exitCode, reporter.lastLines());
            if (life.state() == ConsumerLife.State.READY) {
                reporter.crashed(how, inHand.size());
                context.rows()
                        .crashes()
                        .crashed(new ConsumerCrashHandler.Death(
                                inHand, node, reporter.where(), how, reporter.lastLines()));
            }
            boolean hasComputed = handle.hasComputed(pid) || !inHand.isEmpty();
            boolean wasKilled = exitCode > ConsumerCrashHandler.SIGNALLED;
            Optional<ConsumerLife.Action> action = life.consumerEnded(hasComputed, wasKilled, now());
            if (action.filter(next -> next == ConsumerLife.Action.GIVE_UP).isPresent()) {
                handle.giveUp(how, life.fruitless());
            }
            carryOut(action);
        }

        @Override
        public void heldRowsUnreadable(IOException cause) throws IOException {
            throw cause;
        }

        @Override
        public void lost() throws IOException, InterruptedException {
            Optional<ConsumerLife.Action> action = life.lost(now());
            action.ifPresent(next -> warnUnlessStopping(
                    () -> reporter.warn("lost; other nodes compute its rows, and Rowmill connects it again")));
            carryOut(action);
        }

        @Override
        public void mountLost(String reason) throws IOException, InterruptedException {
            Optional<ConsumerLife.Action> action = life.mountLost(now());
            action.ifPresent(next -> warnUnlessStopping(() ->
                    reporter.warn("mount: " + reason + "; other nodes compute its rows, and Rowmill mounts the project again")));
            carryOut(action);
        }

        @Override
        public void exclude(Duration time) throws IOException, InterruptedException {
            carryOut(life.exclude(time, now()));
        }

        @Override
        public void limitRows(Duration limit) {
            if (life.hasConsumer()) {
                ConsumerSupervisor.limitRows(limit, handle);
            }
        }

        @Override
        public void leave() throws IOException, InterruptedException {
            carryOut(life.leave());
        }

        @Override
        public void stop() throws IOException, InterruptedException {
            carryOut(life.stop());
        }
    }
}
