package org.rowmill.producer.run;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.producer.dispatch.CrashReports;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.nodes.BrokerAccounts;
import org.rowmill.producer.nodes.Cluster;
import org.rowmill.producer.nodes.ConsumerSupervisor;
import org.rowmill.producer.nodes.HeadConsumer;
import org.rowmill.producer.nodes.InProcessConsumer;
import org.rowmill.producer.nodes.LocalHost;
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
    private final InFlightRows rows;
    private final ConsumerRegistry nodes;
    private final Supplier<Duration> rowLimit;
    private final BrokerAccounts accounts;
    private final ConsumerSettingsFactory settings;
    private final CrashReports crashes;
    private final Resources open;
    private volatile @Nullable HeadConsumer head;
    private volatile @Nullable Cluster cluster;

    /**
     * Creates the consumers of a run. {@link #startOnHead} and {@link #startOnNodes} start them.
     *
     * @param job the run
     * @param directory its state and logs
     * @param broker where consumers receive rows
     * @param rows the rows in flight
     * @param nodes the consumers that send heartbeats
     * @param crashes receives the crashes of consumers
     * @param rowLimit time limit of a row; zero: none
     */
    Consumers(
            RunJob job,
            RunDirectory directory,
            EmbeddedBroker broker,
            InFlightRows rows,
            ConsumerRegistry nodes,
            CrashReports crashes,
            Supplier<Duration> rowLimit) {
        Queues queues = Queues.of(job.id());
        this.job = job;
        this.directory = directory;
        this.rows = rows;
        this.nodes = nodes;
        this.rowLimit = rowLimit;
        this.accounts = new BrokerAccounts(broker, queues, job.codec());
        this.settings = new ConsumerSettingsFactory(job, broker);
        this.crashes = crashes;
        this.open = RunResources.create(job.console());
    }

    void startOnHead(Path jar) throws IOException {
        ConsumerSettings ofHead = settings.forHead(accounts.admit(LocalHost.name()), directory);
        HeadConsumer consumer = compute().inProcess()
                ? new InProcessConsumer(jar, ofHead, job.stop())
                : ConsumerSupervisor.ofHead(jar, ofHead, context(), job.stop());
        head = open.opened(consumer);
        consumer.start();
    }

    private RunContext context() {
        return new RunContext(
                new RunContext.Rows(crashes::add, rows, rowLimit),
                nodes,
                compute().memoryPerSlot(),
                directory.logs(),
                job.console());
    }

    /** Connects to the nodes of the cluster file in the background, and returns at once. */
    void startOnNodes(Path jar, MeterRegistry registry) throws IOException {
        if (compute().cluster().isEmpty() || compute().inProcess()) {
            return;
        }
        NodeSetup setup =
                new NodeSetup(compute().cluster().get(), settings.nodeJob(jar), settings::forNode, accounts, registry);
        Cluster others = open.opened(new Cluster(setup, context()));
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

    /** Kills the consumer of the head. Consumers on nodes end when they lose the head. */
    void kill() {
        HeadConsumer local = head;
        if (local != null) {
            local.kill();
        }
    }

    @Override
    public void close() {
        open.close();
    }
}
