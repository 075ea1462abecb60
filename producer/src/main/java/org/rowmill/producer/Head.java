package org.rowmill.producer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.mounter.NodeFile;
import org.rowmill.mounter.NodeJob;
import org.rowmill.mounter.NodeSession;
import org.rowmill.mounter.SharedDirectory;
import org.rowmill.schemas.ClusterNode;
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
    private final String id;
    private final RunDirectory directory;
    private final Queues queues;
    private final EmbeddedBroker broker;
    private final Connection publishing;
    private final Connection collecting;
    private final LocalConsumer consumer;
    private final Casualties casualties;
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
     * @param nodes the other computers that it begins with
     */
    record Job(String id, Project project, RunOptions options, MessageCodec codec, Stop stop, List<ClusterNode> nodes) {
        Job {
            nodes = List.copyOf(nodes);
        }
    }

    private Head(Job job, RunDirectory directory, Console console) throws JMSException, IOException {
        this.console = console;
        this.id = job.id();
        this.directory = directory;
        this.queues = Queues.of(job.id());
        this.nodes = new Nodes(console);
        CompletableFuture<PrometheusMeterRegistry> metrics = CompletableFuture.supplyAsync(Head::newRegistry);
        CompletableFuture<Path> jar = CompletableFuture.supplyAsync(ConsumerJar::unpack);
        try {
            PortRange ports = new PortRange(job.options().port(), job.options().portCount());
            this.broker = opened(EmbeddedBroker.start(ports, directory.state().resolve("broker"), queues));
            console.verbose("broker listens on 127.0.0.1:" + broker.port());
            this.casualties = new Casualties(broker, queues.rows(), job.codec(), () -> Optional.ofNullable(ledger));
            this.consumer =
                    opened(new LocalConsumer(jar.join(), settings(job, directory), parts(job, directory), console));
            consumer.start();
            if (job.options().cluster().isPresent()) {
                opened(cluster(job, directory, jar.join())).start(job.nodes());
            }
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

    /** Tells how a table is; not started yet. */
    RunStatus status(String table, Supplier<Progress.State> state, FailureSummary failures) {
        return new RunStatus(id, directory.state(), table, nodes, state, failures);
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
                tables(job),
                directory.state().resolve("in-hand"),
                -1);
    }

    private Cluster cluster(Job job, RunDirectory directory, Path consumerJar) throws IOException {
        ClusterOptions options = job.options().cluster().orElseThrow();
        List<NodeFile> classPath = new ArrayList<>();
        for (Path path : job.project().classPath()) {
            classPath.add(NodeFile.of(path, ".jar"));
        }
        Path root = job.project().root();
        NodeJob wanted = new NodeJob(
                mountName(root, job.id()),
                options.mount() ? Optional.of(new SharedDirectory(root, Set.of(RunDirectory.NAME))) : Optional.empty(),
                NodeFile.of(consumerJar, ".jar"),
                classPath,
                new JavaRuntime(),
                broker.port());
        return new Cluster(new Cluster.Shared(
                options,
                wanted,
                (node, place) -> settings(job, node, place),
                casualties,
                () -> finishedRows(),
                () -> Optional.ofNullable(ledger).map(Ledger::isFinished).orElse(true),
                nodes,
                directory.logs(),
                console));
    }

    /** Of characters that no shell minds. */
    private static String mountName(Path project, String run) {
        String name = String.valueOf(project.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
        return name.replaceFirst("^[.-]", "_") + "-" + run;
    }

    private long finishedRows() {
        Ledger current = ledger;
        return current == null ? 0 : current.counts().done() + current.counts().failed();
    }

    private ConsumerSettings settings(Job job, ClusterNode node, NodeSession.Place place) {
        return new ConsumerSettings(
                job.id(),
                node.address(),
                "127.0.0.1",
                place.brokerPort(),
                broker.user(),
                broker.password(),
                node.cpuLimit(),
                place.project(),
                place.classPath(),
                tables(job),
                place.inHand(),
                -1);
    }

    private static List<String> tables(Job job) {
        return job.project().tables().stream()
                .map(TableModel::tableClass)
                .map(Class::getName)
                .toList();
    }

    private LocalConsumer.Parts parts(Job job, RunDirectory directory) {
        return new LocalConsumer.Parts(casualties, () -> Optional.ofNullable(ledger), job.stop(), directory.logs());
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
