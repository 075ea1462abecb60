package org.rowmill.producer.nodes;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.rowmill.broker.Credentials;
import org.rowmill.mounter.node.NodeJob;
import org.rowmill.mounter.node.NodeLocations;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.dispatch.ConsumerCrashHandler;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * The other computers of a run, each taken up by a thread of its own, so that nobody waits for a slow one. The cluster file
 * is looked at each second: nodes join and leave while the run lasts. The watching thread owns the list.
 */
public final class Cluster implements AutoCloseable {

    private static final long LOOK_MILLIS = 1_000;

    private final Shared shared;
    private final Map<String, RemoteNode> nodes = new LinkedHashMap<>();
    private final Thread watcher = new Thread(this::watch, "rowmill-cluster");

    /**
     * What all nodes work with.
     *
     * @param options of the cluster
     * @param job what the run wants of each
     * @param settings makes a consumer's settings
     * @param crashes is told of rows in the hands of a consumer that died
     * @param isFinished whether every row that went out is back and no more will
     * @param nodes forgets the heartbeats of a node that is gone
     * @param registry of what the run measures
     * @param logs directory of the run's logs
     * @param console says what happens
     * @param rowLimit how long a row may take; zero: for ever
     * @param memoryPerSlot bytes of heap that a row needs; empty: not told
     * @param accounts lets nodes into the broker
     */
    public record Shared(
            ClusterOptions options,
            NodeJob job,
            SettingsOfNode settings,
            ConsumerCrashHandler crashes,
            BooleanSupplier isFinished,
            ConsumerRegistry nodes,
            MeterRegistry registry,
            Path logs,
            Console console,
            Supplier<Duration> rowLimit,
            OptionalLong memoryPerSlot,
            BrokerAccounts accounts) {}

    /** Makes the settings of a node's consumer. */
    public interface SettingsOfNode {
        ConsumerSettings of(ClusterNode node, int slots, NodeLocations locations, Credentials credentials);
    }

    public Cluster(Shared shared) {
        this.shared = shared;
        watcher.setDaemon(true);
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
            return Files.getLastModifiedTime(shared.options().csv());
        } catch (IOException e) {
            return FileTime.fromMillis(0); // an editor may be replacing it
        }
    }

    private void reread() {
        try {
            update(ClusterCsv.read(shared.options().csv()));
        } catch (WrongInput e) {
            e.faults().forEach(fault -> shared.console().warn(fault + "; the nodes stay as they are"));
        }
    }

    private synchronized void update(List<ClusterNode> wanted) {
        Map<String, ClusterNode> byKey = new LinkedHashMap<>();
        wanted.forEach(node -> byKey.put(key(node), node));
        List<String> gone = new ArrayList<>(nodes.keySet());
        gone.removeAll(byKey.keySet());
        for (String key : gone) {
            shared.console().verbose(key + ": no longer in the cluster file");
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

    private RemoteNode started(ClusterNode node) {
        RemoteNode remote = new RemoteNode(node, shared);
        remote.start();
        return remote;
    }

    /** Gives a node no rows for a while; those in its hands go to others. */
    public synchronized void setAside(String address, Duration time) {
        nodes.values().stream().filter(node -> node.address().equals(address)).forEach(node -> node.setAside(time));
    }

    /** Says how long a row may take from now on. */
    public synchronized void limitRows(Duration limit) {
        nodes.values().forEach(node -> node.limitRows(limit));
    }

    @Override
    public void close() {
        watcher.interrupt();
        List<RemoteNode> all;
        synchronized (this) {
            all = List.copyOf(nodes.values());
        }
        all.forEach(RemoteNode::end);
        for (RemoteNode node : all) {
            node.close();
        }
    }
}
