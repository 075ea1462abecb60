package org.rowmill.producer.run;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.Collector;
import org.rowmill.producer.dispatch.InFlightRows;
import org.rowmill.producer.dispatch.LostRowDetector;
import org.rowmill.producer.dispatch.Publisher;
import org.rowmill.producer.dispatch.Retries;
import org.rowmill.producer.dispatch.RowTokens;
import org.rowmill.producer.dispatch.TableOutput;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.monitor.Progress;
import org.rowmill.producer.monitor.ProgressPrinter;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.monitor.RunStatus;
import org.rowmill.producer.monitor.StallDetector;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.plan.Plan;
import org.rowmill.producer.plan.PlanQueue;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;

/** Computes what one table lacks: plan, publish, collect, side by side, until each row that went out is back. */
final class TableRun {

    private static final int MAX_ROWS_OUT = 8192;
    private static final long MAX_BYTES_OUT = 64L << 20;

    private final RunJob job;
    private final int number;
    private final OpenTable table;
    private final MessageCodec codec;
    private final RunOptions options;
    private final StopSignal stop;
    private final Console console;
    private final InFlightRows inFlight =
            new InFlightRows(MAX_ROWS_OUT, MAX_BYTES_OUT, new RowTokens(new SecureRandom()));
    private final FailureSummary failures = new FailureSummary();

    /**
     * Starts nothing yet.
     *
     * @param job the run
     * @param number of the table in the run, as in its messages
     * @param table the table
     */
    TableRun(RunJob job, int number, OpenTable table) {
        this.job = job;
        this.number = number;
        this.table = table;
        this.codec = job.codec();
        this.options = job.options();
        this.stop = job.stop();
        this.console = job.console();
    }

    /** Starts the services of the run, unless they have been started. */
    interface ServiceStarter {
        RunServices get() throws JMSException, IOException;
    }

    TableResult run(ServiceStarter services) throws JMSException, IOException, InterruptedException {
        Plan plan = new Plan(table.model(), table.store(), table.keys(), codec, options);
        try (PlanQueue queue = new PlanQueue(plan)) {
            boolean any = queue.awaitFirst(stop);
            long start = System.nanoTime();
            if (any) {
                compute(services.get(), queue);
            }
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            if (queue.error().isPresent()) {
                throw new IllegalStateException("planning failed", queue.error().get());
            }
            queue.fault().ifPresent(fault -> stop.request(fault.getMessage(), ExitCode.WRONG_INPUT));
            InFlightRows.Counts counts = inFlight.counts();
            boolean complete =
                    !stop.isRequested() && counts.failed() == 0 && plan.skipped() == 0 && plan.leftOut() == 0;
            return new TableResult(
                    counts.done(), counts.failed(), complete, plan.listed(), plan.listed() - plan.leftOut(), time);
        }
    }

    FailureSummary failures() {
        return failures;
    }

    private void compute(RunServices services, PlanQueue plan) throws JMSException, IOException, InterruptedException {
        services.rows().set(inFlight);
        RunMetrics metrics = new RunMetrics(services.registry(), table.name());
        try (PartWriter writer = table.store().writer();
                RowJournal journal = table.store().journal();
                Publisher publisher =
                        new Publisher(services.publishing(), services.queues().rows(), codec, number, inFlight);
                Retries retries = new Retries(services.publishing(), codec, number, rules(services));
                AttemptLog attempts = new AttemptLog(services.directory().logs());
                Collector collector = new Collector(
                        services.collecting(),
                        services.queues().results(),
                        codec,
                        new TableOutput(
                                inFlight,
                                writer,
                                journal,
                                table.disk(),
                                failures,
                                table.name(),
                                table.model().schema().columns().size(),
                                retries,
                                attempts,
                                services.health(),
                                services.rowLimit(),
                                new LostRowDetector(
                                        () -> services.broker().depth(services.queues().rows()),
                                        () -> services.broker().depth(services.queues().results()),
                                        LostRowDetector.PAUSE),
                                services.violations()),
                        number,
                        metrics,
                        console);
                ProgressPrinter printer = new ProgressPrinter(table.name(), () -> state(services, plan), console);
                RunStatus status = status(services, () -> state(services, plan))) {
            status.start();
            if (options.progress()) {
                printer.start();
            }
            CompletableFuture<Void> published = publish(publisher, plan);
            collector.collectAll(() -> checkStop(services, plan, retries));
            await(published);
            table.resolved().addAll(collector.resolved());
        }
    }

    private RunStatus status(RunServices services, Supplier<Progress.State> state) {
        StallDetector stall = new StallDetector(options.limits().stall(), this::indexOf);
        return new RunStatus(
                job.id(), services.directory().state(), table.name(), services.nodes(), state, failures, () -> {
                    String warning = stall.look(state.get().finished(), services.nodes().all(), System.nanoTime());
                    if (!warning.isBlank()) {
                        console.warn(table.name() + ": " + warning);
                    }
                });
    }

    private String indexOf(long row) {
        return inFlight.find(row).map(found -> IndexText.of(found.index())).orElse("");
    }

    private Retries.Rules rules(RunServices services) {
        return new Retries.Rules(
                options.limits().retries(),
                table.model().schema().columns().size(),
                services.nodes()::names,
                services.broker(),
                services.queues().rows(),
                inFlight::token);
    }

    private Progress.State state(RunServices services, PlanQueue plan) {
        InFlightRows.Counts counts = inFlight.counts();
        return new Progress.State(
                counts.done() + counts.failed(),
                counts.failed(),
                plan.planned(),
                plan.hasEnded(),
                services.nodes().busy(),
                services.nodes().slots());
    }

    private CompletableFuture<Void> publish(Publisher publisher, PlanQueue plan) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        Threads.startDaemon("rowmill-publish", () -> {
            try {
                publisher.publishAll(plan, stop);
                published.complete(null);
            } catch (Throwable e) {
                stop.request("rows cannot be published: " + e, ExitCode.SOME_FAILED);
                published.completeExceptionally(e);
            } finally {
                inFlight.close();
            }
        });
        return published;
    }

    /** Called by the collector between results: the rows that no consumer has yet are taken back when the run is to stop. */
    private void checkStop(RunServices services, PlanQueue plan, Retries retries) {
        InFlightRows.Counts counts = inFlight.counts();
        long finished = counts.done() + counts.failed();
        if (options.limits().maxFailures().isExceeded(counts.failed(), finished)) {
            stop.request(
                    counts.failed() + " rows of " + finished + " failed, more than --max-failures "
                            + options.limits().maxFailures() + " allows: the run stops early",
                    ExitCode.SOME_FAILED);
        }
        if (stop.isRequested()) {
            plan.close();
            retries.cancel().forEach(inFlight::forget);
            services.broker().removeWaiting(services.queues().rows(), this::takeBack);
        }
    }

    private boolean takeBack(byte[] body) {
        try {
            inFlight.forget(codec.decodeRow(body).row());
            return true;
        } catch (IOException e) {
            return true; // not a row: nothing is lost with it
        }
    }

    private static void await(CompletableFuture<Void> published) throws JMSException, InterruptedException {
        try {
            published.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JMSException jms) {
                throw jms;
            }
            throw new IllegalStateException("rows cannot be published", e.getCause());
        }
    }
}
