package org.rowmill.producer.nodes;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.dispatch.ConsumerCrashHandler;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * Handles the events of one node: asks {@link ConsumerLife} what to do, lets the {@link ConsumerHandle} do it, and
 * reports what happens. For one thread, except {@link #kill} and the announcements.
 */
final class NodeEventHandler implements NodeEvent.Handler {

    private final String node;
    private final ConsumerLife life;
    private final ConsumerHandle handle;
    private final NodeReporter reporter;
    private final RunContext context;
    private final NodeEventQueue events;
    private final LongSupplier nanoTime;
    private NodeEventQueue.Session session;
    private volatile boolean isLeaving;
    private volatile boolean isStopping;

    /**
     * Handles events.
     *
     * @param node its name
     * @param life decides
     * @param handle carries out
     * @param reporter prints messages
     * @param context of the run
     * @param events to handle
     * @param nanoTime the time in nanoseconds
     */
    NodeEventHandler(
            String node,
            ConsumerLife life,
            ConsumerHandle handle,
            NodeReporter reporter,
            RunContext context,
            NodeEventQueue events,
            LongSupplier nanoTime) {
        this.node = node;
        this.life = life;
        this.handle = handle;
        this.reporter = reporter;
        this.context = context;
        this.events = events;
        this.nanoTime = nanoTime;
        this.session = events.newSession();
    }

    String node() {
        return node;
    }

    boolean hasEnded() {
        return life.hasEnded();
    }

    /** Adds the event, and suppresses messages about what it causes from now on. */
    void announceLeave() {
        isLeaving = true;
        events.add(new NodeEvent.Leave());
    }

    /** Adds the event, and suppresses messages about what it causes from now on. */
    void announceStop() {
        isStopping = true;
        events.add(new NodeEvent.Stop());
    }

    /** Kills the consumer, without its event. */
    void kill() {
        try {
            handle.kill();
        } catch (IOException e) {
            reporter.verbose("the consumer cannot be killed: " + e.getMessage());
        }
    }

    /** Opens the first session; does nothing when called again. */
    void begin() throws IOException, InterruptedException {
        carryOut(life.begin());
    }

    /** Waits for the next event, or for the time to do something, and handles it. */
    void handleNext() throws IOException, InterruptedException {
        Optional<NodeEvent> event = events.poll(life.untilTick(now()));
        if (event.isPresent()) {
            event.get().dispatch(this);
        } else {
            tick();
        }
    }

    /** Reports an error after which nothing is handled any more. */
    void report(Exception error) {
        handle.report(error);
    }

    /** Closes what is open, if the events ended early, and the log. */
    void close() {
        try {
            if (!life.hasEnded()) {
                handle.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reporter.close();
        }
    }

    /** Handles that no event came in time: counts another second without a heartbeat, or ends a wait. */
    private void tick() throws IOException, InterruptedException {
        long pid = handle.pid();
        Optional<ConsumerLife.Action> action = life.tick(context.consumers().beats(node, pid), now());
        int seconds = life.secondsWithoutHeartbeat();
        action.filter(next -> next == ConsumerLife.Action.KILL || next == ConsumerLife.Action.ABORT)
                .ifPresent(next ->
                        warnUnlessStopping(() -> reporter.hangs(pid, seconds, next == ConsumerLife.Action.KILL)));
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
            session.add(new NodeEvent.Connected()); // not handled at once: requests of the run come first
        } catch (NodeFault fault) {
            failed(fault);
        }
    }

    private void startConsumer() throws IOException, InterruptedException {
        if (isStopping) {
            return; // the event that closes the session is in the queue
        }
        try {
            handle.start(session);
            sendLimit(context.rows().timeLimit().get());
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

    private void sendLimit(Duration limit) {
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

    @Override
    public void connected() throws IOException, InterruptedException {
        carryOut(life.connected());
    }

    @Override
    public void consumerEnded(long pid, int exitCode, List<HeldRow> inHand) throws IOException, InterruptedException {
        if (isStopping || !life.hasConsumer()) {
            return; // the run has ended it
        }
        String how = ConsumerCrashHandler.describe(exitCode, reporter.lastLines());
        if (life.state() == ConsumerLife.State.READY) {
            reporter.crashed(how, inHand.size());
            context.rows()
                    .crashes()
                    .accept(new ConsumerCrash(inHand, node, reporter.where(), how, reporter.lastLines()));
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
        if (!isStopping && life.hasConsumer()) {
            throw cause;
        }
    }

    @Override
    public void lost() throws IOException, InterruptedException {
        Optional<ConsumerLife.Action> action = life.lost(now());
        action.ifPresent(next -> warnUnlessStopping(
                () -> reporter.warn("lost; other nodes compute its rows, and Rowmill connects to it again")));
        carryOut(action);
    }

    @Override
    public void mountLost(String reason) throws IOException, InterruptedException {
        Optional<ConsumerLife.Action> action = life.mountLost(now());
        action.ifPresent(next -> warnUnlessStopping(() -> reporter.warn(
                "mount: " + reason + "; other nodes compute its rows, and Rowmill mounts the project again")));
        carryOut(action);
    }

    @Override
    public void exclude(Duration time) throws IOException, InterruptedException {
        carryOut(life.exclude(time, now()));
    }

    @Override
    public void limitRows(Duration limit) {
        if (life.hasConsumer()) {
            sendLimit(limit);
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
