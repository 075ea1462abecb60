package org.rowmill.producer.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final NodeSetup setup;
    private final RunContext context;
    private final Map<String, ConsumerSupervisor> nodes = new LinkedHashMap<>();
    private final Thread watcher = Threads.daemon("rowmill-cluster", this::watch);

    public Cluster(NodeSetup setup, RunContext context) {
        this.setup = setup;
        this.context = context;
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
            return Files.getLastModifiedTime(setup.options().csv());
        } catch (IOException e) {
            return FileTime.fromMillis(0); // an editor may be replacing it
        }
    }

    private void readAgain() {
        try {
            update(ClusterCsv.read(setup.options().csv()));
        } catch (WrongInput e) {
            e.faults().forEach(fault -> context.console().warn(fault + "; the nodes stay as they are"));
        }
    }

    private synchronized void update(List<ClusterNode> wanted) {
        Map<String, ClusterNode> byKey = new LinkedHashMap<>();
        wanted.forEach(node -> byKey.put(key(node), node));
        List<String> removed = new ArrayList<>(nodes.keySet());
        removed.removeAll(byKey.keySet());
        for (String key : removed) {
            context.console().verbose(key + ": no longer in the cluster file");
            Objects.requireNonNull(nodes.remove(key), key).leave();
        }
        byKey.forEach((key, node) -> nodes.computeIfAbsent(key, name -> started(node)));
    }

    /** Contains all fields of a line, so that a changed line counts as another node. */
    private static String key(ClusterNode node) {
        return node.user().map(user -> user + "@").orElse("")
                + node.address()
                + (node.port().isPresent() ? ":" + node.port().getAsInt() : "")
                + (node.cpuLimit() > 0 ? ", cpu_limit " + node.cpuLimit() : "")
                + node.keyFile().map(key -> ", " + key).orElse("");
    }

    private ConsumerSupervisor started(ClusterNode node) {
        ConsumerSupervisor supervisor = ConsumerSupervisor.ofNode(node, setup, context);
        supervisor.startInBackground();
        return supervisor;
    }

    /**
     * Ends the consumer of a node at once and starts none there for this time. The broker delivers its rows to others.
     */
    public synchronized void exclude(String address, Duration time) {
        nodes.values().stream().filter(node -> node.node().equals(address)).forEach(node -> node.exclude(time));
    }

    /** Sets the time that a row may take from now on; zero: without limit. */
    public synchronized void limitRows(Duration limit) {
        nodes.values().forEach(node -> node.limitRows(limit));
    }

    @Override
    public void close() {
        watcher.interrupt();
        List<ConsumerSupervisor> all;
        synchronized (this) {
            all = List.copyOf(nodes.values());
        }
        all.forEach(ConsumerSupervisor::stop); // all at the same time
        all.forEach(ConsumerSupervisor::close);
    }
}
