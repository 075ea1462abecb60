package org.rowmill.producer.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.rowmill.producer.console.Console;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The other nodes of a run. Each has a supervisor with its own thread, so that nobody waits for a slow node. Nodes join
 * and leave while the run lasts: a thread looks every second whether the cluster file has changed. Thread-safe.
 */
public final class Cluster implements AutoCloseable {

    private static final long POLL_MILLIS = 1_000;

    private final Path csv;
    private final Console console;
    private final Function<ClusterNode, ConsumerSupervisor> supervisors;
    private final Map<String, ConsumerSupervisor> nodes = new LinkedHashMap<>();
    private final List<ConsumerSupervisor> leaving = new ArrayList<>();
    private boolean isStopping;
    private final Thread watcher = Threads.daemon("rowmill-cluster", this::watch);

    public Cluster(NodeSetup setup, RunContext context) {
        this(setup.options().csv(), context.console(), node -> ConsumerSupervisor.ofNode(node, setup, context));
    }

    /**
     * Watches a cluster file.
     *
     * @param csv the file
     * @param console for messages
     * @param supervisors makes the supervisor of a node; it is not started yet
     */
    Cluster(Path csv, Console console, Function<ClusterNode, ConsumerSupervisor> supervisors) {
        this.csv = csv;
        this.console = console;
        this.supervisors = supervisors;
    }

    /** Starts to connect the nodes, and to watch the cluster file; returns at once. */
    public void start(List<ClusterNode> first) {
        update(first);
        watcher.start();
    }

    private void watch() {
        FileTime known = modified();
        try {
            while (true) {
                Thread.sleep(POLL_MILLIS);
                FileTime latest = modified();
                if (!latest.equals(known)) {
                    known = latest;
                    readAgain();
                }
            }
        } catch (InterruptedException e) {
            return; // the run is over
        }
    }

    private FileTime modified() {
        try {
            return Files.getLastModifiedTime(csv);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // an editor may be replacing it
        }
    }

    private void readAgain() {
        try {
            update(ClusterCsv.read(csv));
        } catch (WrongInput e) {
            e.faults().forEach(fault -> console.warn(fault + "; the nodes stay as they are"));
        }
    }

    private synchronized void update(List<ClusterNode> wanted) {
        if (isStopping) {
            return;
        }
        Map<String, ClusterNode> byKey = new LinkedHashMap<>();
        wanted.forEach(node -> byKey.put(key(node), node));
        List<String> removed = new ArrayList<>(nodes.keySet());
        removed.removeAll(byKey.keySet());
        for (String key : removed) {
            console.verbose(key + ": no longer in the cluster file");
            Optional.ofNullable(nodes.remove(key)).ifPresent(this::leave);
        }
        byKey.forEach((key, node) -> nodes.computeIfAbsent(key, name -> started(node)));
    }

    private void leave(ConsumerSupervisor node) {
        leaving.removeIf(ConsumerSupervisor::hasEnded);
        leaving.add(node);
        node.leave();
    }

    /** Contains the fields that matter to a session, so that a changed line counts as another node. */
    private static String key(ClusterNode node) {
        return node.user().map(user -> user + "@").orElse("")
                + node.address()
                + (node.port().isPresent() ? ":" + node.port().getAsInt() : "")
                + (node.cpuLimit() > 0 ? ", cpu_limit " + node.cpuLimit() : "")
                + node.keyFile().map(key -> ", " + key).orElse("")
                + node.scratch().map(directory -> ", scratch " + directory).orElse("");
    }

    private ConsumerSupervisor started(ClusterNode node) {
        ConsumerSupervisor supervisor = supervisors.apply(node);
        supervisor.startInBackground();
        return supervisor;
    }

    /**
     * Ends the consumer of a node at once and starts none there for this time. The broker delivers its rows to others.
     */
    public synchronized void exclude(String name, Duration time) {
        all().stream().filter(node -> node.node().equals(name)).forEach(node -> node.exclude(time));
    }

    /** Sets the time that a row may take from now on; zero: without limit. */
    public synchronized void limitRows(Duration limit) {
        all().forEach(node -> node.limitRows(limit));
    }

    /** Returns the supervisors of all nodes that may have a consumer. */
    private synchronized List<ConsumerSupervisor> all() {
        List<ConsumerSupervisor> all = new ArrayList<>(nodes.values());
        all.addAll(leaving);
        return all;
    }

    /**
     * Ends all consumers, because the run is over. From now on none is started or replaced, and what happens on a node
     * means nothing. Returns at once; {@link #close} waits.
     */
    public synchronized void announceStop() {
        isStopping = true;
        watcher.interrupt();
        all().forEach(ConsumerSupervisor::announceStop);
    }

    /** Ends all consumers, side by side. */
    @Override
    public void close() {
        announceStop();
        List<ConsumerSupervisor> all = all();
        all.forEach(ConsumerSupervisor::awaitEndOrInterrupt);
        all.forEach(ConsumerSupervisor::close);
    }
}
