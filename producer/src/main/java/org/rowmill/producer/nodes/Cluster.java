package org.rowmill.producer.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The other computers of a run, each taken up by a thread of its own, so that nobody waits for a slow one. The cluster file
 * is looked at each second: nodes join and leave while the run lasts. The watching thread owns the list.
 */
public final class Cluster implements AutoCloseable {

    private static final long LOOK_MILLIS = 1_000;

    private final NodeSetup setup;
    private final RunContext context;
    private final Map<String, ConsumerSupervisor> nodes = new LinkedHashMap<>();
    private final Thread watcher = Threads.daemon("rowmill-cluster", this::watch);

    public Cluster(NodeSetup setup, RunContext context) {
        this.setup = setup;
        this.context = context;
    }

    /** Begins to take the nodes up; returns at once. */
    public void start(List<ClusterNode> first) {
        update(first);
        watcher.start();
    }

    private void watch() {
        FileTime seen = modified();
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                FileTime now = modified();
                if (!now.equals(seen)) {
                    seen = now;
                    reread();
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

    private void reread() {
        try {
            update(ClusterCsv.read(setup.options().csv()));
        } catch (WrongInput e) {
            e.faults().forEach(fault -> context.console().warn(fault + "; the nodes stay as they are"));
        }
    }

    private synchronized void update(List<ClusterNode> wanted) {
        Map<String, ClusterNode> byKey = new LinkedHashMap<>();
        wanted.forEach(node -> byKey.put(key(node), node));
        List<String> gone = new ArrayList<>(nodes.keySet());
        gone.removeAll(byKey.keySet());
        for (String key : gone) {
            context.console().verbose(key + ": no longer in the cluster file");
            nodes.remove(key).leave();
        }
        byKey.forEach((key, node) -> nodes.computeIfAbsent(key, name -> started(node)));
    }

    /** A line that is changed is another node. */
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

    /** Gives a node no rows for a while; those in its hands go to others. */
    public synchronized void exclude(String address, Duration time) {
        nodes.values().stream().filter(node -> node.node().equals(address)).forEach(node -> node.exclude(time));
    }

    /** Says how long a row may take from now on. */
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
        all.forEach(ConsumerSupervisor::stop);
        for (ConsumerSupervisor node : all) {
            node.close();
        }
    }
}
