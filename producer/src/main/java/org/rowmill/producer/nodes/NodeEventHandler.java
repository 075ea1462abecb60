package org.rowmill.producer.nodes;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.dispatch.ConsumerEnd;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * Handles the events of one node: asks {@link ConsumerLife} what to do, lets the {@link ConsumerHandle} do it, and
 * reports what happens. After {@link #announceStop} it only closes what is open: then a missing heartbeat, a crash or a
 * fault means nothing. For one thread, except {@link #kill} and the announcements.
 */
final class NodeEventHandler implements NodeEvent.Handler {

    private final String node;
    private final ConsumerLife life;
    private final ConsumerHandle handle;
    private final NodeReporter reporter;
    private final RunContext.Rows rows;
    private final NodeEventQueue events;
    private final LongSupplier nanoTime;
    private NodeEventQueue.Session session;

    /** Time without a heartbeat of a consumer that Rowmill has killed; empty: it has not. */
    private Optional<Duration> silence = Optional.empty();

    private volatile boolean isStopping;

    /**
     * Handles events.
     *
     * @param node its name
     * @param life decides
     * @param handle carries out
     * @param reporter prints messages
     * @param rows that the consumers of the run compute
     * @param events to handle
     * @param nanoTime the time in nanoseconds
     */
    NodeEventHandler(
            String node,
            ConsumerLife life,
            ConsumerHandle handle,
            NodeReporter reporter,
            RunContext.Rows rows,
            NodeEventQueue events,
            LongSupplier nanoTime) {
        this.node = node;
        this.life = life;
        this.handle = handle;
        this.reporter = reporter;
        this.rows = rows;
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

    /** Adds the event, and cancels the preparation of the node. Returns at once. */
    void announceLeave() {
        reporter.announceLeave();
        events.add(new NodeEvent.Leave());
        handle.cancel();
    }

    /**
     * Adds the event, and cancels the preparation of the node. From now on no consumer is started or judged, whatever
     * happens. Returns at once.
     */
    void announceStop() {
        isStopping = true;
        reporter.announceStop();
        events.add(new NodeEvent.Stop());
        handle.cancel();
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
        handle(events.poll(life.untilTick(now())));
    }

    /**
     * Handles an event; empty: none came for {@link ConsumerLife#untilTick}.
     *
     * @throws InterruptedException if the preparation of the node was cancelled; then nothing is handled any more
     */
    void handle(Optional<NodeEvent> event) throws IOException, InterruptedException {
        if (isStopping) {
            stop();
        } else if (event.isPresent()) {
            event.get().dispatch(this);
        } else {
            tick();
        }
    }

    /** Reports an error after which nothing is handled any more. */
    void report(Exception error) {
        if (isStopping) {
            reporter.verbose("error at the end of the run: " + error);
        } else {
            handle.report(error);
        }
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

    /** Counts another second without a heartbeat, or ends a wait. */
    private void tick() throws IOException, InterruptedException {
        Optional<ConsumerLife.Action> action = life.tick(handle.heartbeats(), now());
        boolean isKill = action.equals(Optional.of(ConsumerLife.Action.KILL));
        if (isKill || action.equals(Optional.of(ConsumerLife.Action.ABORT))) {
            int seconds = life.secondsWithoutHeartbeat();
            reporter.hangs(handle.pid(), seconds, isKill);
            silence = Optional.of(Duration.ofSeconds(seconds));
        }
        carryOut(action);
    }

    private long now() {
        return nanoTime.getAsLong();
    }

    private void carryOut(Optional<ConsumerLife.Action> action) throws IOException, InterruptedException {
        if (action.isPresent()) {
            carryOut(action.get());
        }
    }

    /** If the end of the run was announced since the decision, the decision counts no more. */
    private void carryOut(ConsumerLife.Action action) throws IOException, InterruptedException {
        if (isStopping && !action.closesSession()) {
            stop();
            return;
        }
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
        silence = Optional.empty();
        reporter.starts();
        try {
            handle.start(session);
            sendLimit(rows.timeLimit().get());
            life.started(now());
        } catch (NodeFault fault) {
            failed(fault);
        }
    }

    private void failed(NodeFault fault) throws IOException, InterruptedException {
        reporter.fault(fault);
        carryOut(fault.isLasting() ? life.leave() : life.failed());
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
        if (!life.hasConsumer()) {
            return; // Rowmill has ended it
        }
        ConsumerEnd end = ConsumerEnd.of(exitCode, inHand, reporter.linesBeforeEnd(), silence);
        if (life.state() == ConsumerLife.State.READY || !inHand.isEmpty()) { // not after a drain
            reporter.crashed(end, inHand.size());
            rows.crashes().accept(new ConsumerCrash(inHand, node, reporter.where(), end, reporter.lastLines()));
        }
        boolean hasComputed = handle.hasComputed(pid) || !inHand.isEmpty();
        Optional<ConsumerLife.Action> action = life.consumerEnded(hasComputed, end.isKill(), now());
        if (!isStopping && action.equals(Optional.of(ConsumerLife.Action.GIVE_UP))) {
            handle.giveUp(end, life.fruitless());
        }
        carryOut(action);
    }

    @Override
    public void heldRowsUnreadable(IOException cause) throws IOException {
        if (life.hasConsumer()) {
            throw cause;
        }
    }

    @Override
    public void lost() throws IOException, InterruptedException {
        Optional<ConsumerLife.Action> action = life.lost(now());
        action.ifPresent(next -> {
            reporter.lost();
            rows.losses().accept(node, "the connection to " + node + " was lost");
        });
        carryOut(action);
    }

    @Override
    public void mountLost(String reason) throws IOException, InterruptedException {
        Optional<ConsumerLife.Action> action = life.mountLost(now());
        action.ifPresent(next -> {
            reporter.mountLost(reason);
            rows.losses().accept(node, "the mount on " + node + " was lost (" + reason + ")");
        });
        carryOut(action);
    }

    @Override
    public void exclude(Duration time) throws IOException, InterruptedException {
        if (life.hasConsumer()) {
            rows.losses().accept(node, node + " was excluded");
        }
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
