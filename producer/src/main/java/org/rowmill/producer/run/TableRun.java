package org.rowmill.producer.run;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
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
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.plan.Plan;
import org.rowmill.producer.plan.PlanQueue;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;

/** Computes what one table lacks: plan, publish, collect, side by side, until each row that went out is back. */
final class TableRun {

    private static final int MAX_ROWS_OUT = 8192;
    private static final long MAX_BYTES_OUT = 64L << 20;

    private final int number;
    private final OpenTable table;
    private final MessageCodec codec;
    private final RunOptions options;
    private final StopSignal stop;
    private final Console console;
    private final InFlightRows inFlight =
            new InFlightRows(MAX_ROWS_OUT, MAX_BYTES_OUT, new RowTokens(new SecureRandom()));
    private final FailureSummary failures = new FailureSummary();

    TableRun(int number, OpenTable table, MessageCodec codec, RunOptions options, StopSignal stop, Console console) {
        this.number = number;
        this.table = table;
        this.codec = codec;
        this.options = options;
        this.stop = stop;
        this.console = console;
    }

    /** Starts what computes, when there is something to compute. */
    interface HeadStarter {
        RunServices get() throws JMSException, IOException;
    }

    /**
     * How the table's run ended.
     *
     * @param done rows computed
     * @param failed rows that failed
     * @param isComplete whether every listed row has all its columns
     * @param listed rows that {@code index()} listed
     * @param chosen those of them that {@code --only} did not leave out
     * @param time from the first row found to the last part published
     */
    record TableResult(long done, long failed, boolean isComplete, long listed, long chosen, Duration time) {}

    TableResult run(HeadStarter heads) throws JMSException, IOException, InterruptedException {
        Plan plan = new Plan(table.model(), table.store(), table.keys(), codec, options);
        try (PlanQueue queue = new PlanQueue(plan)) {
            boolean any = queue.awaitFirst(stop);
            long start = System.nanoTime();
            if (any) {
                compute(heads.get(), queue);
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

    private void compute(RunServices head, PlanQueue plan) throws JMSException, IOException, InterruptedException {
        head.compute(inFlight);
        RunMetrics metrics = new RunMetrics(head.registry(), table.name());
        try (PartWriter writer = table.store().writer();
                RowJournal journal = table.store().journal();
                Publisher publisher =
                        new Publisher(head.publishing(), head.queues().rows(), codec, number, inFlight);
                Retries retries = new Retries(head.publishing(), codec, number, rules(head));
                AttemptLog attempts = new AttemptLog(head.logs());
                Collector collector = new Collector(
                        head.collecting(),
                        head.queues().results(),
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
                                head.health(),
                                head.rowLimit(),
                                new LostRowDetector(
                                        () -> head.broker().depth(head.queues().rows()),
                                        () -> head.broker().depth(head.queues().results()),
                                        LostRowDetector.PAUSE),
                                head.violations()),
                        number,
                        metrics,
                        console);
                ProgressPrinter printer = new ProgressPrinter(table.name(), () -> state(head, plan), console);
                RunStatus status = head.status(table.name(), () -> state(head, plan), failures)) {
            status.start();
            if (options.progress()) {
                printer.start();
            }
            CompletableFuture<Void> published = publish(publisher, plan);
            collector.collectAll(() -> checkStop(head, plan, retries));
            await(published);
            table.resolved().addAll(collector.resolved());
        }
    }

    private Retries.Rules rules(RunServices head) {
        return new Retries.Rules(
                options.limits().retries(),
                table.model().schema().columns().size(),
                head.nodes()::names,
                head.broker(),
                head.queues().rows(),
                inFlight::token);
    }

    private Progress.State state(RunServices head, PlanQueue plan) {
        InFlightRows.Counts counts = inFlight.counts();
        return new Progress.State(
                counts.done() + counts.failed(),
                counts.failed(),
                plan.planned(),
                plan.hasEnded(),
                head.nodes().busy(),
                head.nodes().slots());
    }

    private CompletableFuture<Void> publish(Publisher publisher, PlanQueue plan) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        Executor thread = work -> {
            Thread publishing = new Thread(work, "rowmill-publish");
            publishing.setDaemon(true);
            publishing.start();
        };
        thread.execute(() -> {
            try {
                publisher.publishAll(plan, stop);
                published.complete(null);
            } catch (Throwable e) {
                stop.request("rows cannot be published: " + e, ExitCode.INTERNAL_ERROR);
                published.completeExceptionally(e);
            } finally {
                inFlight.close();
            }
        });
        return published;
    }

    /** Called by the collector between results: the rows that no consumer has yet are taken back when the run is to stop. */
    private void checkStop(RunServices head, PlanQueue plan, Retries retries) {
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
            head.broker().removeWaiting(head.queues().rows(), this::takeBack);
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
