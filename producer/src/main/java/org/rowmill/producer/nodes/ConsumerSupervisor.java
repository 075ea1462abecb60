package org.rowmill.producer.nodes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * Keeps a consumer on one node, the head or another, while the run lasts: starts it, watches it, replaces it. A thread
 * of its own takes events from a queue and lets {@link NodeEventHandler} handle them. The other threads only add
 * events.
 */
public final class ConsumerSupervisor implements HeadConsumer {

    private static final Duration NODE_CLOSE_LIMIT = Duration.ofSeconds(10);

    private final NodeEventHandler work;
    private final NodeEventQueue events;
    private final Duration closeLimit;
    private final Thread thread;
    private boolean isStopping;
    private long stopNanos;

    /**
     * Supervises a consumer.
     *
     * @param work handles the events
     * @param events receives requests
     * @param threadName of the thread that supervises
     * @param closeLimit how long the end of the session may take, and once more after an interrupt
     */
    ConsumerSupervisor(NodeEventHandler work, NodeEventQueue events, String threadName, Duration closeLimit) {
        this.work = work;
        this.events = events;
        this.closeLimit = closeLimit;
        this.thread = Threads.daemon(threadName, this::supervise);
    }

    /** Supervises the consumer of the head. If it cannot be kept alive, {@code stop} is requested. */
    public static ConsumerSupervisor ofHead(Path jar, ConsumerSettings settings, RunContext context, StopSignal stop)
            throws IOException {
        RunLog log = new RunLog(context.logs().resolve("consumer.log"), context.console());
        NodeReporter reporter = NodeReporter.ofHead(context, log);
        NodeEventQueue events = new NodeEventQueue();
        NodeEventHandler work = new NodeEventHandler(
                settings.node(),
                new ConsumerLife(ConsumerLife.Rules.HEAD),
                new LocalConsumer(jar, settings, context, log, reporter, stop),
                reporter,
                context.rows(),
                events,
                System::nanoTime);
        return new ConsumerSupervisor(work, events, "rowmill-consumer-watch", LocalConsumer.CLOSE_LIMIT);
    }

    /** Supervises the consumer of another node. */
    static ConsumerSupervisor ofNode(ClusterNode node, NodeSetup setup, RunContext context) {
        RunLog log = new RunLog(context.logs().resolve(fileName(node) + ".log"), context.console());
        NodeReporter reporter = NodeReporter.ofNode(NodeName.of(node), context, log);
        RemoteConsumer consumer = new RemoteConsumer(node, setup, context, log, reporter);
        consumer.measureMount();
        NodeEventQueue events = new NodeEventQueue();
        NodeEventHandler work = new NodeEventHandler(
                NodeName.of(node),
                new ConsumerLife(ConsumerLife.Rules.NODE),
                consumer,
                reporter,
                context.rows(),
                events,
                System::nanoTime);
        return new ConsumerSupervisor(work, events, "rowmill-node-" + NodeName.of(node), NODE_CLOSE_LIMIT);
    }

    /** Contains only characters that every file system accepts, and differs for each node. */
    private static String fileName(ClusterNode node) {
        return "consumer-"
                + URLEncoder.encode(node.address(), StandardCharsets.UTF_8).replace("%3A", "_")
                + (node.port().isPresent() ? "-" + node.port().getAsInt() : "");
    }

    String node() {
        return work.node();
    }

    /** Starts the consumer on the calling thread, and supervises it from then on. */
    @Override
    public void start() throws IOException {
        try {
            work.begin();
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

    private void supervise() {
        try {
            work.begin();
            while (!work.hasEnded()) {
                work.handleNext();
            }
        } catch (InterruptedException e) {
            return; // the preparation was cancelled, or close() does not wait any longer
        } catch (IOException | RuntimeException e) {
            work.report(e);
        } finally {
            work.close();
        }
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
        work.announceLeave();
    }

    /** Returns whether the supervision has ended, or was never started. */
    boolean hasEnded() {
        return !thread.isAlive();
    }

    @Override
    public synchronized void announceStop() {
        if (!isStopping) {
            isStopping = true;
            stopNanos = System.nanoTime();
            work.announceStop();
        }
    }

    @Override
    public void kill() {
        announceStop();
        work.kill();
    }

    /** Waits until the supervision has ended. The time limits count from the announcement. */
    @Override
    public void close() {
        announceStop();
        awaitEndOrInterrupt();
        awaitEnd(closeLimit.multipliedBy(2));
    }

    /** Waits for the end of the announced stop, and interrupts the supervision if it does not end in time. */
    void awaitEndOrInterrupt() {
        awaitEnd(closeLimit);
        thread.interrupt(); // it waits for a node that does not answer, for example
    }

    private void awaitEnd(Duration limit) {
        long left = limit.toMillis() - TimeUnit.NANOSECONDS.toMillis(nanosSinceStop());
        try {
            if (left > 0) { // 0 would mean: without limit
                thread.join(left);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long nanosSinceStop() {
        return System.nanoTime() - stopNanos;
    }
}
