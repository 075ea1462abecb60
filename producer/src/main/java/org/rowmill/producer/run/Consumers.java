package org.rowmill.producer.run;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.producer.dispatch.CrashReports;
import org.rowmill.producer.dispatch.NodeLoss;
import org.rowmill.producer.dispatch.RefusedChanges;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.nodes.BrokerAccounts;
import org.rowmill.producer.nodes.Cluster;
import org.rowmill.producer.nodes.ConsumerSupervisor;
import org.rowmill.producer.nodes.HeadConsumer;
import org.rowmill.producer.nodes.InProcessConsumer;
import org.rowmill.producer.nodes.InternalErrors;
import org.rowmill.producer.nodes.LocalHost;
import org.rowmill.producer.nodes.MountTraffic;
import org.rowmill.producer.nodes.NodeSetup;
import org.rowmill.producer.nodes.RunContext;
import org.rowmill.producer.options.RunOptions.Compute;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.Queues;

/**
 * Starts and closes the consumers of a run: one on the head, and one on each other node. Thread-safe after the start.
 */
final class Consumers implements AutoCloseable {

    private final RunJob job;
    private final RunDirectory directory;
    private final BrokerAccounts accounts;
    private final ConsumerSettingsFactory settings;
    private final RefusedChanges refused;
    private final RunContext context;
    private final Resources open;
    private volatile @Nullable HeadConsumer head;
    private volatile @Nullable Cluster cluster;
    private volatile boolean isStopping;

    /**
     * Creates the consumers of a run. {@link #startOnHead} and {@link #startOnNodes} start them.
     *
     * @param job the run
     * @param directory its state and logs
     * @param broker where consumers receive rows
     * @param rows the rows in flight
     * @param nodes the consumers that send heartbeats
     * @param crashes receives the crashes of consumers
     * @param refused collects what nodes tried to change and may not
     * @param rowLimit time limit of a row; zero: none
     */
    Consumers(
            RunJob job,
            RunDirectory directory,
            EmbeddedBroker broker,
            InFlightRows rows,
            ConsumerRegistry nodes,
            CrashReports crashes,
            RefusedChanges refused,
            Supplier<Duration> rowLimit) {
        Queues queues = Queues.of(job.id());
        this.job = job;
        this.directory = directory;
        this.refused = refused;
        this.accounts = new BrokerAccounts(broker, queues, job.codec());
        this.settings = new ConsumerSettingsFactory(job, broker);
        this.context = new RunContext(
                new RunContext.Rows(
                        crashes::add,
                        (node, reason) -> crashes.add(new NodeLoss(node, reason, nodes.inHand(node))),
                        rows,
                        rowLimit),
                nodes,
                compute().memoryPerSlot(),
                job.world(),
                directory.logs(),
                new InternalErrors(),
                job.console());
        this.open = RunResources.create(job.console());
    }

    void startOnHead(Path jar) throws IOException {
        ConsumerSettings ofHead = settings.forHead(accounts.admit(LocalHost.name()), directory);
        HeadConsumer consumer = compute().inProcess()
                ? new InProcessConsumer(jar, ofHead, job.stop())
                : ConsumerSupervisor.ofHead(jar, ofHead, context, job.stop());
        head = open.opened(consumer);
        consumer.start();
    }

    /** Connects to the nodes of the cluster file in the background, and returns at once. */
    void startOnNodes(Path jar, MeterRegistry registry) throws IOException {
        if (compute().cluster().isEmpty() || compute().inProcess()) {
            return;
        }
        NodeSetup setup = new NodeSetup(
                compute().cluster().get(),
                settings.nodeJob(jar),
                settings::forNode,
                accounts,
                refused,
                new MountTraffic(registry));
        Cluster others = open.opened(new Cluster(setup, context));
        cluster = others;
        others.start(job.nodes());
    }

    private Compute compute() {
        return job.options().compute();
    }

    /** Kills the consumer of a node, and starts it again after this time. */
    void exclude(String node, Duration time) {
        HeadConsumer local = head;
        Cluster others = cluster;
        if (node.equals(LocalHost.name())) {
            if (local != null) {
                local.exclude(time);
            }
        } else if (others != null) {
            others.exclude(node, time);
        }
    }

    /** Changes the time limit of rows. */
    void limitRows(Duration limit) {
        HeadConsumer local = head;
        if (local != null) {
            local.limitRows(limit);
        }
        Cluster others = cluster;
        if (others != null) {
            others.limitRows(limit);
        }
    }

    /**
     * Ends all consumers, because the run is over. From now on none is started or replaced, and a missing heartbeat, a
     * crash or a fault means nothing. Returns at once; {@link #close} waits.
     */
    void announceStop() {
        isStopping = true;
        HeadConsumer local = head;
        if (local != null) {
            local.announceStop();
        }
        Cluster others = cluster;
        if (others != null) {
            others.announceStop();
        }
    }

    /** Returns whether {@link #announceStop} was called. */
    boolean isStopping() {
        return isStopping;
    }

    /** Kills the consumer of the head. Consumers on nodes end when they lose the head. */
    void kill() {
        announceStop();
        HeadConsumer local = head;
        if (local != null) {
            local.kill();
        }
    }

    /** Ends all consumers side by side, and waits for them. */
    @Override
    public void close() {
        announceStop(); // to the head's consumer too, before the nodes are closed
        open.close();
    }
}
