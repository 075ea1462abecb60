package org.rowmill.producer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.schemas.ConsumerSettings;
import org.rowmill.schemas.MessageCodec;
import org.rowmill.schemas.Queues;
import org.rowmill.schemas.TableModel;

/**
 * What a run has going on this computer: broker, metrics, consumer. Started when the first missing row is found, so that
 * a complete table costs none of it; closed in reverse order.
 */
final class Head implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Console console;
    private final Queues queues;
    private final EmbeddedBroker broker;
    private final Connection publishing;
    private final Connection collecting;
    private final LocalConsumer consumer;
    private final PrometheusMeterRegistry registry;
    private final Nodes nodes;
    private volatile @Nullable Ledger ledger;

    /**
     * What a run is about.
     *
     * @param id the run's id
     * @param project the project
     * @param options its options
     * @param codec encodes its messages
     * @param stop ends it early
     */
    record Job(String id, Project project, RunOptions options, MessageCodec codec, Stop stop) {}

    private Head(Job job, RunDirectory directory, Console console) throws JMSException, IOException {
        this.console = console;
        this.queues = Queues.of(job.id());
        this.nodes = new Nodes(console);
        CompletableFuture<PrometheusMeterRegistry> metrics = CompletableFuture.supplyAsync(Head::newRegistry);
        CompletableFuture<Path> jar = CompletableFuture.supplyAsync(ConsumerJar::unpack);
        try {
            PortRange ports = new PortRange(job.options().port(), job.options().portCount());
            this.broker = opened(EmbeddedBroker.start(ports, directory.state().resolve("broker"), queues));
            console.verbose("broker listens on 127.0.0.1:" + broker.port());
            this.consumer =
                    opened(new LocalConsumer(jar.join(), settings(job, directory), parts(job, directory), console));
            consumer.start();
            this.publishing = opened(broker.local().createConnection());
            this.collecting = opened(broker.local().createConnection());
            nodes.listen(collecting, queues.nodes());
            collecting.start();
            publishing.start();
            this.registry = metrics.join();
            open.push(registry::close);
            RunMetrics.gauge(
                    registry,
                    "rowmill.queue.rows",
                    "Rows in the broker",
                    this,
                    head -> head.broker.depth(queues.rows()));
            RunMetrics.gauge(registry, "rowmill.in.flight", "Rows out", this, Head::inFlight);
            RunMetrics.gauge(registry, "rowmill.slots", "Slots of all consumers", nodes, Nodes::slots);
            RunMetrics.gauge(registry, "rowmill.slots.busy", "Slots that compute a row", nodes, Nodes::busy);
            if (job.options().http()) {
                serveMetrics(job.options(), ports);
            }
        } catch (JMSException | IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    static Head start(Job job, RunDirectory directory, Console console) throws JMSException, IOException {
        return new Head(job, directory, console);
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

    Nodes nodes() {
        return nodes;
    }

    /** Says which table's rows are in flight from now on. */
    void compute(Ledger of) {
        ledger = of;
    }

    /** Ends the consumer at once. */
    void kill() {
        consumer.kill();
    }

    private int inFlight() {
        Ledger current = ledger;
        return current == null ? 0 : current.counts().out();
    }

    private static PrometheusMeterRegistry newRegistry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RunMetrics.bindJvm(registry);
        return registry;
    }

    private void serveMetrics(RunOptions options, PortRange ports) {
        PortRange range = options.httpPort().isPresent()
                ? new PortRange(options.httpPort().getAsInt(), 1)
                : ports;
        MetricsServer server = opened(MetricsServer.start(range, registry));
        console.verbose("metrics at http://127.0.0.1:" + server.port() + "/metrics");
    }

    private ConsumerSettings settings(Job job, RunDirectory directory) {
        List<String> tables = job.project().tables().stream()
                .map(TableModel::tableClass)
                .map(Class::getName)
                .toList();
        int cpus = Runtime.getRuntime().availableProcessors();
        int limit = job.options().cpuLimit();
        return new ConsumerSettings(
                job.id(),
                LocalHost.name(),
                "127.0.0.1",
                broker.port(),
                broker.user(),
                broker.password(),
                limit > 0 ? limit : cpus,
                job.project().root(),
                job.project().classPath(),
                tables,
                directory.state().resolve("in-hand"),
                -1);
    }

    private LocalConsumer.Parts parts(Job job, RunDirectory directory) {
        return new LocalConsumer.Parts(
                broker, queues.rows(), job.codec(), () -> Optional.ofNullable(ledger), job.stop(), directory.logs());
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                console.warn("the run does not end cleanly: " + e);
            }
        }
    }
}
