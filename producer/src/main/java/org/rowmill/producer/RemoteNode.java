package org.rowmill.producer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.Credentials;
import org.rowmill.mounter.NodeEvents;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.NodeJob;
import org.rowmill.mounter.NodeSession;
import org.rowmill.mounter.Step;
import org.rowmill.mounter.Traffic;
import org.rowmill.schemas.ClusterNode;
import org.rowmill.schemas.HeldRow;

/**
 * One other computer while the run lasts: taken up, given a consumer, watched, taken up again when it was lost. A thread of
 * its own does all that; what happens on the node reaches it by a queue.
 */
final class RemoteNode implements AutoCloseable {

    private static final int FRUITLESS_STARTS = 5;
    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ClusterNode node;
    private final Cluster.Shared shared;
    private final RunLog log;
    private final Console console;
    private final Thread thread;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Traffic traffic = new Traffic();
    private volatile @Nullable NodeSession current;
    private volatile boolean closing;
    private volatile boolean leaving;
    private volatile long pid;
    private String lastFault = "";
    private final AtomicInteger attempt = new AtomicInteger();
    private int fruitless;
    private Duration setAside = Duration.ZERO;
    private @Nullable Credentials credentials;

    /** What the thread waits for. */
    private sealed interface Event {
        /** The consumer has ended. */
        record ConsumerEnded(long pid, int exitCode, List<HeldRow> inHand) implements Event {}

        /** The connection has. */
        record Lost() implements Event {}

        /** The mount has, or does not answer. */
        record MountLost(String how) implements Event {}

        /** Its rows fail: it is to be left alone for a while. */
        record SetAside(Duration time) implements Event {}

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
        events.add(new Event.SetAside(time));
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
        events.add(new Event.Leave());
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
                awaitLeave(pause);
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

    /** Late news of the session that has ended ends no pause. */
    private void awaitLeave(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (left > 0 && !(events.poll(left, TimeUnit.NANOSECONDS) instanceof Event.Leave)) {
            left = end - System.nanoTime();
        }
    }

    /** One way up, and all until its end; whether rows could be computed there for a while. */
    private boolean session() throws InterruptedException {
        int of = attempt.incrementAndGet();
        events.removeIf(event -> !(event instanceof Event.Leave));
        Credentials admitted = shared.admissions().admit(node.address());
        credentials = admitted;
        try (NodeSession session = NodeSession.open(node, shared.options().ssh(), job(), new Told(of), traffic)) {
            session.onLost(() -> add(of, new Event.Lost()));
            startConsumer(session);
            long ready = System.nanoTime();
            console.verbose(node.address() + ": ready, " + slots(session) + " slots, log " + log.file());
            lastFault = "";
            watch(session);
            tellTraffic();
            return System.nanoTime() - ready > LONGEST_PAUSE.toNanos();
        } catch (NodeFault fault) {
            tell(fault);
            return false;
        } finally {
            shared.admissions().revoke(admitted);
        }
    }

    /** What comes late from a session that has ended is not of the next one. */
    private void add(int of, Event event) {
        if (of == attempt.get()) {
            events.add(event);
        }
    }

    private NodeJob job() {
        return shared.job().attempt(attempt.get());
    }

    private void startConsumer(NodeSession session) throws NodeFault, InterruptedException {
        int java = session.probe().javaVersion().orElse(0);
        Credentials admitted = Objects.requireNonNull(credentials);
        session.startConsumer(
                LocalConsumer.javaOptions(java, shared.memoryPerSlot()),
                place -> shared.settings().of(node, slots(session), place, admitted));
        current = session;
        limitRows(shared.rowLimit().get());
    }

    private int slots(NodeSession session) {
        return node.cpuLimit() > 0 ? node.cpuLimit() : session.probe().cpus();
    }

    /** Until the node is lost or has left. */
    private void watch(NodeSession session) throws NodeFault, InterruptedException {
        Silence silence = new Silence();
        boolean isHere = true;
        while (isHere) {
            Event event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
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
            console.warn(node.address() + ": " + text);
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

    private boolean isSilent(Silence silence) {
        return silence.tick(shared.nodes().beats(node.address(), pid)) && !closing;
    }

    /** Whether the node goes on: not when nothing can end the consumer, as where it waits for a disk that is gone. */
    private boolean killSilent(NodeSession session, Silence silence) {
        String hangs = "the consumer (pid " + pid + ") hangs: no sign of life for " + silence.seconds() + " s; ";
        if (silence.seconds() > Silence.LIMIT_SECONDS) {
            warnUnlessClosing(hangs + "it cannot be killed; the node is tried again");
            return abort(session);
        }
        warnUnlessClosing(hangs + "it is killed and replaced");
        return kill(session);
    }

    /** Whether the node goes on. */
    private boolean replace(NodeSession session, Event.ConsumerEnded ended) throws NodeFault, InterruptedException {
        String how = Casualties.describe(ended.exitCode(), log.tail());
        console.verbose(node.address() + ": the consumer " + how + " with "
                + ended.inHand().size() + " rows in hand; it is replaced");
        shared.casualties()
                .died(new Casualties.Death(
                        ended.inHand(), node.address(), "on " + node.address() + " ", how, log.tail()));
        fruitless =
                ended.inHand().isEmpty() && shared.nodes().rows(node.address(), ended.pid()) == 0 ? fruitless + 1 : 0;
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

    /** Whether the node is there. */
    private static boolean kill(NodeSession session) {
        try {
            session.killConsumer();
            return true;
        } catch (IOException e) {
            return false; // it is lost
        }
    }

    private void tellTraffic() {
        if (shared.options().mount()) {
            console.verbose(String.format(
                    Locale.ROOT,
                    "%s: %.1f MB read and %.1f MB written through its mount, %d operations",
                    node.address(),
                    traffic.bytesRead() / MEGA,
                    traffic.bytesWritten() / MEGA,
                    traffic.operations()));
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

        private final int of;

        Told(int of) {
            this.of = of;
        }

        @Override
        public void done(Step step, Duration time) {
            console.verbose(String.format(Locale.ROOT, "%s: %s %.3f s", node.address(), step, time.toNanos() / NANOS));
        }

        @Override
        public void printed(String line) {
            log.add(line);
        }

        @Override
        public void consumerStarted(long started) {
            pid = started;
            console.verbose(node.address() + ": consumer started: pid " + started);
        }

        @Override
        public void consumerEnded(int exitCode, List<HeldRow> inHand) {
            add(of, new Event.ConsumerEnded(pid, exitCode, inHand));
        }

        @Override
        public void mountLost(String how) {
            add(of, new Event.MountLost(how));
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
