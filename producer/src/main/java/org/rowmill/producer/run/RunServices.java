package org.rowmill.producer.run;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.mounter.node.NodeJob;
import org.rowmill.producer.cache.ConsumerJar;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.ConsumerCrashHandler;
import org.rowmill.producer.dispatch.InFlightRows;
import org.rowmill.producer.dispatch.NodeHealth;
import org.rowmill.producer.dispatch.ProtocolViolations;
import org.rowmill.producer.dispatch.RowLimit;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.monitor.MetricsServer;
import org.rowmill.producer.monitor.Progress;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.monitor.RunStatus;
import org.rowmill.producer.monitor.StallDetector;
import org.rowmill.producer.nodes.BrokerAccounts;
import org.rowmill.producer.nodes.Cluster;
import org.rowmill.producer.nodes.ConsumerSupervisor;
import org.rowmill.producer.nodes.HeadConsumer;
import org.rowmill.producer.nodes.InProcessConsumer;
import org.rowmill.producer.nodes.LocalHost;
import org.rowmill.producer.nodes.NodeSetup;
import org.rowmill.producer.nodes.RunContext;
import org.rowmill.producer.options.HttpOptions;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.Times;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.Queues;

/**
 * What a run has going on this computer: broker, metrics, consumer. Started when the first missing row is found, so that
 * a complete table costs none of it; closed in reverse order.
 */
final class RunServices implements AutoCloseable {

    /** Longer than any run. */
    private static final Duration REST_OF_THE_RUN = Duration.ofDays(3650);

    private final Resources open;
    private final Console console;
    private final String id;
    private final RunDirectory directory;
    private final Queues queues;
    private final EmbeddedBroker broker;
    private final Connection publishing;
    private final Connection collecting;
    private final HeadConsumer consumer;
    private final ConsumerCrashHandler crashes;
    private final PrometheusMeterRegistry registry;
    private final ProtocolViolations violations;
    private final StopSignal stop;
    private final ConsumerRegistry nodes;
    private final Duration stallLimit;
    private final BrokerAccounts accounts;
    private final ConsumerSettingsFactory assignments;
    private final RowLimit rowLimit;
    private final NodeHealth health;
    private volatile @Nullable Cluster cluster;
    private volatile @Nullable InFlightRows ledger;

    /**
     * What a run is about.
     *
     * @param id the run's id
     * @param project the project
     * @param options its options
     * @param codec encodes its messages
     * @param stop ends it early
     * @param nodes the other computers that it begins with
     */
    record Job(
            String id,
            Project project,
            RunOptions options,
            MessageCodec codec,
            StopSignal stop,
            List<ClusterNode> nodes) {
        Job {
            nodes = List.copyOf(nodes);
        }
    }

    private RunServices(Job job, RunDirectory directory, Console console) throws JMSException, IOException {
        this.console = console;
        this.open = new Resources(e -> console.warn(Run.UNCLEAN + e));
        this.id = job.id();
        this.stop = job.stop();
        this.directory = directory;
        this.queues = Queues.of(job.id());
        this.violations = new ProtocolViolations(console, this::distrust);
        this.nodes = new ConsumerRegistry(violations);
        this.health = new NodeHealth(
                new NodeHealth.Actions() {
                    @Override
                    public void setAside(String node, Duration time, String evidence) {
                        RunServices.this.setAside(node, time, evidence);
                    }

                    @Override
                    public void stop(String reason) {
                        job.stop().request(reason, ExitCode.SOME_FAILED);
                    }
                },
                nodes::names);
        this.stallLimit = job.options().limits().stall();
        this.rowLimit = new RowLimit(job.options().limits().timeout(), this::limitRows);
        CompletableFuture<PrometheusMeterRegistry> metrics = CompletableFuture.supplyAsync(RunServices::newRegistry);
        CompletableFuture<Path> jar = CompletableFuture.supplyAsync(ConsumerJar::unpack);
        try {
            PortRange ports = new PortRange(job.options().compute().port(), job.options().compute().portCount());
            this.broker =
                    open.opened(EmbeddedBroker.start(ports, directory.state().resolve("broker"), queues, violations));
            this.accounts = new BrokerAccounts(broker, queues, job.codec());
            this.assignments = new ConsumerSettingsFactory(job, broker, console);
            console.verbose("broker listens on 127.0.0.1:" + broker.port());
            this.crashes = new ConsumerCrashHandler(
                    broker, queues.rows(), job.codec(), () -> Optional.ofNullable(ledger), violations);
            this.consumer = open.opened(consumer(job, directory, joined(jar)));
            consumer.start();
            this.registry = metrics.join();
            open.opened(registry::close);
            if (job.options().compute().cluster().isPresent() && !job.options().compute().inProcess()) {
                Cluster others = open.opened(cluster(job, directory, assignments.onNodes(jar.join())));
                cluster = others;
                others.start(job.nodes());
            }
            this.publishing = open.opened(broker.local().createConnection());
            this.collecting = open.opened(broker.local().createConnection());
            nodes.listen(collecting, queues.nodes());
            collecting.start();
            publishing.start();
            bindMetrics();
            job.options().http().ifPresent(http -> serveMetrics(http, ports));
        } catch (JMSException | IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Throws what it threw. */
    private static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void bindMetrics() {
        RunMetrics.gauge(
                registry, "rowmill.queue.rows", "Rows in the broker", this, head -> head.broker.depth(queues.rows()));
        violations.bindTo(registry);
        RunMetrics.gauge(registry, "rowmill.in.flight", "Rows out", this, RunServices::inFlight);
        RunMetrics.gauge(registry, "rowmill.slots", "Slots of all consumers", nodes, ConsumerRegistry::slots);
        RunMetrics.gauge(registry, "rowmill.slots.busy", "Slots that compute a row", nodes, ConsumerRegistry::busy);
    }

    static RunServices start(Job job, RunDirectory directory, Console console) throws JMSException, IOException {
        return new RunServices(job, directory, console);
    }

    EmbeddedBroker broker() {
        return broker;
    }

    Queues queues() {
        return queues;
    }

    Connection publishing() {
        return publishing;
    }

    Connection collecting() {
        return collecting;
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    ConsumerRegistry nodes() {
        return nodes;
    }

    /** Tells how a table is; not started yet. */
    RunStatus status(String table, Supplier<Progress.State> state, FailureSummary failures) {
        StallDetector stall = new StallDetector(stallLimit, this::indexOf);
        return new RunStatus(id, directory.state(), table, nodes, state, failures, () -> {
            String warning = stall.look(state.get().finished(), nodes.all(), System.nanoTime());
            if (!warning.isBlank()) {
                console.warn(table + ": " + warning);
            }
        });
    }

    private String indexOf(long row) {
        InFlightRows current = ledger;
        return current == null
                ? ""
                : current.find(row).map(found -> IndexText.of(found.index())).orElse("");
    }

    /** Says which table's rows are in flight from now on. */
    void compute(InFlightRows of) {
        ledger = of;
    }

    /** Where the run's logs are. */
    Path logs() {
        return directory.logs();
    }

    /** Which nodes can be relied on. */
    NodeHealth health() {
        return health;
    }

    /** What was refused. */
    ProtocolViolations violations() {
        return violations;
    }

    /** Its consumers are ended, and those that cannot be ended are let in no more. */
    private void distrust(String node) {
        endConsumers(node, REST_OF_THE_RUN);
        broker.revoke(node);
        nodes.remove(node);
        if (nodes.names().isEmpty()) {
            stop.request(
                    "no computer is left that computes: " + node + " sends what no consumer of Rowmill sends",
                    ExitCode.SOME_FAILED);
        }
    }

    private void setAside(String node, Duration time, String evidence) {
        console.warn(node + ": set aside for " + Times.text(time) + ": " + evidence);
        endConsumers(node, time);
    }

    private void endConsumers(String node, Duration time) {
        Cluster others = cluster;
        if (node.equals(LocalHost.name())) {
            consumer.exclude(time);
        } else if (others != null) {
            others.exclude(node, time);
        }
    }

    /** How long rows may take. */
    RowLimit rowLimit() {
        return rowLimit;
    }

    private void limitRows(Duration limit) {
        console.verbose("a row may take " + Times.text(limit) + " (--timeout auto)");
        consumer.limitRows(limit);
        Cluster others = cluster;
        if (others != null) {
            others.limitRows(limit);
        }
    }

    /** Ends the consumer at once. */
    void kill() {
        consumer.kill();
    }

    private int inFlight() {
        InFlightRows current = ledger;
        return current == null ? 0 : current.counts().out();
    }

    private static PrometheusMeterRegistry newRegistry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RunMetrics.bindJvm(registry);
        return registry;
    }

    private void serveMetrics(HttpOptions options, PortRange ports) {
        MetricsServer server = open.opened(MetricsServer.start(options, ports, registry));
        console.verbose("metrics at http://" + server.place() + "/metrics"
                + options.tokenFile()
                        .map(file -> " for whoever shows the token in " + file)
                        .orElse(""));
    }

    private HeadConsumer consumer(Job job, RunDirectory directory, Path jar) throws IOException {
        ConsumerSettings settings = assignments.here(accounts.admit(LocalHost.name()), directory);
        return job.options().compute().inProcess()
                ? new InProcessConsumer(jar, settings, job.stop())
                : ConsumerSupervisor.ofHead(jar, settings, context(job, directory), job.stop());
    }

    private Cluster cluster(Job job, RunDirectory directory, NodeJob wanted) {
        NodeSetup setup = new NodeSetup(
                job.options().compute().cluster().orElseThrow(), wanted, assignments::on, accounts, registry);
        return new Cluster(setup, context(job, directory));
    }

    private RunContext context(Job job, RunDirectory directory) {
        return new RunContext(
                new RunContext.Rows(crashes::died, () -> Optional.ofNullable(ledger), rowLimit::current),
                nodes,
                job.options().compute().memoryPerSlot(),
                directory.logs(),
                console);
    }

    @Override
    public void close() {
        open.close();
    }
}
