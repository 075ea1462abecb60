package org.rowmill.producer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.rowmill.mounter.NodeEvents;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.NodeJob;
import org.rowmill.mounter.NodeSession;
import org.rowmill.mounter.Step;
import org.rowmill.schemas.ClusterNode;

/**
 * One other computer while the run lasts: taken up, given a consumer, watched, taken up again when it was lost. A thread of
 * its own does all that; what happens on the node reaches it by a queue.
 */
final class RemoteNode implements AutoCloseable {

    private static final int FRUITLESS_STARTS = 5;
    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ClusterNode node;
    private final Cluster.Shared shared;
    private final RunLog log;
    private final Console console;
    private final Thread thread;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean closing;
    private volatile boolean leaving;
    private String lastFault = "";
    private int attempt;
    private int fruitless;
    private long finishedBefore;

    /** What the thread waits for. */
    private sealed interface Event {
        /** The consumer has ended. */
        record ConsumerEnded(int exitCode, List<Long> inHand) implements Event {}

        /** The connection has. */
        record Lost() implements Event {}

        /** The run is over, or the node is to leave it. */
        record Leave() implements Event {}
    }

    RemoteNode(ClusterNode node, Cluster.Shared shared) {
        this.node = node;
        this.shared = shared;
        this.console = shared.console();
        this.log = new RunLog(shared.logs().resolve(fileName(node) + ".log"), console);
        this.thread = new Thread(this::work, "rowmill-node-" + node.address());
        thread.setDaemon(true);
    }

    /** Of characters that every file system takes. */
    private static String fileName(ClusterNode node) {
        return "consumer-" + node.address().replaceAll("[^A-Za-z0-9._-]", "_")
                + (node.port().isPresent() ? "-" + node.port().getAsInt() : "");
    }

    void start() {
        thread.start();
    }

    /** Lets it finish its rows and leave; returns at once. */
    void leave() {
        leaving = true;
        events.add(new Event.Leave());
    }

    private void work() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!closing && !leaving) {
                pause = session() ? FIRST_PAUSE : pause;
                shared.nodes().remove(node.address());
                if (closing || leaving || fruitless >= FRUITLESS_STARTS) {
                    return;
                }
                events.poll(pause.toMillis(), TimeUnit.MILLISECONDS); // Leave ends the pause
                pause = Duration.ofMillis(Math.min(2 * pause.toMillis(), LONGEST_PAUSE.toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            shared.nodes().remove(node.address());
            log.close();
        }
    }

    /** One way up, and all until its end; whether rows could be computed there. */
    private boolean session() throws InterruptedException {
        attempt++;
        events.removeIf(event -> !(event instanceof Event.Leave));
        try (NodeSession session = NodeSession.open(node, shared.options().ssh(), job(), new Told())) {
            session.onLost(() -> events.add(new Event.Lost()));
            startConsumer(session);
            int slots = node.cpuLimit() > 0 ? node.cpuLimit() : session.probe().cpus();
            console.verbose(node.address() + ": ready, " + slots + " slots, log " + log.file());
            lastFault = "";
            watch(session);
            tellTraffic(session);
            return true;
        } catch (NodeFault fault) {
            tell(fault);
            return false;
        }
    }

    private NodeJob job() {
        return shared.job().attempt(attempt);
    }

    private void startConsumer(NodeSession session) throws NodeFault, InterruptedException {
        int java = session.probe().javaVersion().orElse(0);
        session.startConsumer(
                LocalConsumer.javaOptions(java), place -> shared.settings().of(node, place));
    }

    /** Until the node is lost or has left. */
    private void watch(NodeSession session) throws NodeFault, InterruptedException {
        boolean isHere = true;
        while (isHere) {
            Event event = events.take();
            if (event instanceof Event.ConsumerEnded ended) {
                isHere = !closing && !leaving && replace(session, ended);
            } else if (event instanceof Event.Lost) {
                isHere = false;
                if (!closing) {
                    console.warn(node.address() + ": lost; others compute its rows, and it is tried again");
                }
            } else {
                isHere = !closing && drain(session);
            }
        }
        if (closing && shared.isFinished().getAsBoolean()) {
            killIdle(session);
        }
    }

    /** Whether the node goes on. */
    private boolean replace(NodeSession session, Event.ConsumerEnded ended) throws NodeFault, InterruptedException {
        String how = Casualties.describe(ended.exitCode(), log.tail());
        console.verbose(node.address() + ": the consumer " + how + " with "
                + ended.inHand().size() + " rows in hand; it is replaced");
        shared.casualties().died(ended.inHand(), node.address(), how);
        long finished = shared.finishedRows().getAsLong();
        fruitless = ended.inHand().isEmpty() && finished == finishedBefore ? fruitless + 1 : 0;
        finishedBefore = finished;
        if (fruitless >= FRUITLESS_STARTS) {
            console.warn(node.address() + ": set aside: its consumer " + how + " " + fruitless
                    + " times without computing a row; its last lines (" + log.file() + "):" + System.lineSeparator()
                    + String.join(System.lineSeparator(), log.tail()));
            return false;
        }
        startConsumer(session);
        return true;
    }

    /** Whether there is something to wait for. */
    private boolean drain(NodeSession session) {
        try {
            session.drain();
            console.verbose(node.address() + ": leaves when its rows are computed");
            return true;
        } catch (IOException e) {
            return false; // it is lost
        }
    }

    /** All results are here; a JVM that ends by itself takes longer. */
    private static void killIdle(NodeSession session) {
        try {
            session.killConsumer();
        } catch (IOException e) {
            return; // it is lost
        }
    }

    private void tellTraffic(NodeSession session) {
        if (shared.options().mount()) {
            console.verbose(String.format(
                    Locale.ROOT,
                    "%s: %.1f MB read and %.1f MB written through its mount, %d operations",
                    node.address(),
                    session.traffic().bytesRead() / MEGA,
                    session.traffic().bytesWritten() / MEGA,
                    session.traffic().operations()));
        }
    }

    /** The same fault again is no news. */
    private void tell(NodeFault fault) {
        if (closing || leaving) {
            return;
        }
        String text = node.address() + ": " + fault.step() + ": " + fault.getMessage() + ". " + fault.fix();
        if (text.equals(lastFault)) {
            console.verbose(text);
        } else {
            console.warn(text + " The run goes on without it, and tries it again.");
        }
        lastFault = text;
    }

    /** Puts what happens on the node into the queue, or into the log. */
    private final class Told implements NodeEvents {
        @Override
        public void done(Step step, Duration time) {
            console.verbose(String.format(Locale.ROOT, "%s: %s %.3f s", node.address(), step, time.toNanos() / NANOS));
        }

        @Override
        public void printed(String line) {
            log.add(line);
        }

        @Override
        public void consumerStarted(long pid) {
            console.verbose(node.address() + ": consumer started: pid " + pid);
        }

        @Override
        public void consumerEnded(int exitCode, List<Long> inHand) {
            events.add(new Event.ConsumerEnded(exitCode, inHand));
        }
    }

    /** Says that the run is over; {@link #close} waits. */
    void end() {
        closing = true;
        events.add(new Event.Leave());
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
