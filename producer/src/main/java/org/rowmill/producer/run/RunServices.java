package org.rowmill.producer.run;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.cache.ClassArchiveMaker;
import org.rowmill.producer.cache.ConsumerJar;
import org.rowmill.producer.dispatch.CrashReports;
import org.rowmill.producer.dispatch.NodeHealth;
import org.rowmill.producer.dispatch.ProtocolViolations;
import org.rowmill.producer.dispatch.RefusedChanges;
import org.rowmill.producer.dispatch.RowLimit;
import org.rowmill.producer.dispatch.RowQueue;
import org.rowmill.producer.dispatch.TableDispatch;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowTokens;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.Times;
import org.rowmill.schemas.protocol.Queues;

/**
 * Starts and closes the services that all tables of a run share: broker, consumers, metrics. They start when the first
 * missing row is found, so a run without missing rows does not pay for them. They are closed in reverse order.
 */
final class RunServices implements AutoCloseable {

    private static final int MAX_ROWS_IN_FLIGHT = 8192;
    private static final long MAX_BYTES_IN_FLIGHT = 64L << 20;

    private final RunJob job;
    private final RunDirectory directory;
    private final Resources open;
    private final Queues queues;
    private final InFlightRows rows =
            new InFlightRows(MAX_ROWS_IN_FLIGHT, MAX_BYTES_IN_FLIGHT, new RowTokens(new SecureRandom()));
    private final CrashReports crashes = new CrashReports();
    private final RefusedChanges refused = new RefusedChanges();
    private final ProtocolViolations violations;
    private final ConsumerRegistry nodes;
    private final RowLimit rowLimit;
    private final EmbeddedBroker broker;
    private final Consumers consumers;
    private final NodePolicy policy;
    private final NodeHealth health;
    private final PrometheusMeterRegistry registry;
    private final Connection collecting;

    static RunServices start(RunJob job, RunDirectory directory) throws JMSException, IOException {
        return new RunServices(job, directory);
    }

    private RunServices(RunJob job, RunDirectory directory) throws JMSException, IOException {
        this.job = job;
        this.directory = directory;
        this.open = RunResources.create(job.console());
        this.queues = Queues.of(job.id());
        this.violations = new ProtocolViolations(job.console(), this::exclude);
        this.nodes = new ConsumerRegistry(violations);
        this.rowLimit = new RowLimit(job.options().limits().timeout(), this::limitRows);
        CompletableFuture<PrometheusMeterRegistry> metrics = CompletableFuture.supplyAsync(ServiceMetrics::newRegistry);
        CompletableFuture<Path> jar = CompletableFuture.supplyAsync(ConsumerJar::unpack);
        try {
            this.broker =
                    open.opened(EmbeddedBroker.start(ports(), directory.state().resolve("broker"), queues, violations));
            job.console().verbose("broker listens on 127.0.0.1:" + broker.port());
            this.consumers = new Consumers(job, directory, broker, rows, nodes, crashes, refused, rowLimit::current);
            this.policy = new NodePolicy(broker, nodes, consumers, job.stop(), job.console());
            this.health = new NodeHealth(policy, nodes::slotsByNode);
            this.registry = startConsumers(jar, metrics);
            this.collecting = open.opened(broker.local().createConnection());
            connect();
            serveMetrics();
            open.opened(ClassArchiveMaker.start(archives(jar.join()), directory.state(), job.console()));
        } catch (JMSException | IOException | RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private PortRange ports() {
        return new PortRange(
                job.options().compute().port(), job.options().compute().portCount());
    }

    /** Starts the consumer of the head first, because it takes longest to compute its first row. */
    private PrometheusMeterRegistry startConsumers(
            CompletableFuture<Path> jar, CompletableFuture<PrometheusMeterRegistry> metrics) throws IOException {
        open.opened(consumers);
        consumers.startOnHead(joined(jar));
        PrometheusMeterRegistry made = metrics.join();
        open.opened(made::close);
        consumers.startOnNodes(jar.join(), made);
        return made;
    }

    private static List<ClassArchive> archives(Path consumer) throws IOException {
        List<ClassArchive> archives = new ArrayList<>();
        ClassArchive.ofHead().ifPresent(archives::add);
        archives.add(ClassArchive.of("consumer", consumer));
        return archives;
    }

    /** Returns the result, or throws what the future threw. */
    private static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void connect() throws JMSException {
        nodes.listen(collecting, queues.nodes());
        collecting.start();
    }

    private void serveMetrics() {
        ServiceMetrics.bindBroker(registry, broker, queues.rows(), violations);
        ServiceMetrics.bindRows(registry, rows, nodes);
        job.options()
                .http()
                .ifPresent(http -> open.opened(ServiceMetrics.serve(registry, http, ports(), job.console())));
    }

    /** Ignores what nodes send while their consumers are being closed. */
    private void exclude(String node) {
        if (!consumers.isStopping()) {
            policy.excludeViolator(node);
        }
    }

    private void limitRows(Duration limit) {
        job.console().verbose("time limit of a row: " + Times.text(limit) + " (--timeout auto)");
        consumers.limitRows(limit);
    }

    /** Returns what a table needs of the broker. */
    TableDispatch.Channel channel() {
        return new TableDispatch.Channel(new RowQueue(broker, queues.rows(), job.codec()), queues, collecting);
    }

    /** Returns what a table needs to know of the nodes. */
    TableDispatch.Nodes knownNodes() {
        return new TableDispatch.Nodes(new RegisteredNodes(nodes), health, rowLimit, violations, crashes, refused);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    ConsumerRegistry nodes() {
        return nodes;
    }

    RunDirectory directory() {
        return directory;
    }

    InFlightRows rows() {
        return rows;
    }

    /** Ends all consumers, because no row will be published any more. Returns at once; {@link #close} waits. */
    void endConsumers() {
        consumers.announceStop();
    }

    /** Kills the consumer of the head. */
    void kill() {
        consumers.kill();
    }

    /** Announces the end to the consumers before anything is closed: without a connection no heartbeat arrives. */
    @Override
    public void close() {
        consumers.announceStop();
        open.close();
    }
}
