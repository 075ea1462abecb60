package org.rowmill.producer.run;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.ResultWriter;
import org.rowmill.producer.dispatch.TableDispatch;
import org.rowmill.producer.dispatch.TableReport;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowCounts;
import org.rowmill.producer.inflight.TableRules;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.monitor.ProgressPrinter;
import org.rowmill.producer.monitor.ProgressState;
import org.rowmill.producer.monitor.RowTimes;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.monitor.RunStatus;
import org.rowmill.producer.monitor.StallDetector;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.plan.Plan;
import org.rowmill.producer.plan.PlanQueue;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.Threads;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;

/** Computes the missing rows and columns of one table: planning, publishing and collecting run side by side. */
final class TableRun {

    private final RunJob job;
    private final int number;
    private final OpenTable table;
    private final RunOptions options;
    private final StopSignal stop;
    private final Console console;
    private final FailureSummary failures = new FailureSummary();
    private final RowTimes times = new RowTimes();

    /**
     * Creates the run of one table.
     *
     * @param job the run
     * @param number of the table in the run, as in its messages
     * @param table the table
     */
    TableRun(RunJob job, int number, OpenTable table) {
        this.job = job;
        this.number = number;
        this.table = table;
        this.options = job.options();
        this.stop = job.stop();
        this.console = job.console();
    }

    /** Starts the services of the run, unless they have been started. */
    interface ServiceStarter {
        RunServices get() throws JMSException, IOException;
    }

    /** Computes what is missing, and returns when every row in flight is finished. */
    TableResult run(ServiceStarter services) throws JMSException, IOException, InterruptedException {
        Plan plan = new Plan(table.model(), table.store(), table.keys(), table.inputs(), job.codec(), options);
        try (PlanQueue queue = new PlanQueue(plan)) {
            boolean any = queue.awaitFirst(stop);
            long start = System.nanoTime();
            RowCounts counts = any ? compute(services.get(), queue) : RowCounts.NONE;
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            if (queue.error().isPresent()) {
                throw new IllegalStateException("planning failed", queue.error().get());
            }
            table.inputs().stored(List.of());
            table.inputs().warnings(table.name()).forEach(console::warn);
            plan.warning().ifPresent(warning -> console.warn("table " + table.name() + ": " + warning));
            queue.fault().ifPresent(fault -> stop.request(fault.getMessage(), ExitCode.WRONG_INPUT));
            return result(plan, counts, time);
        }
    }

    private TableResult result(Plan plan, RowCounts counts, Duration time) {
        boolean isComplete = !stop.isRequested() && counts.failed() == 0 && plan.skipped() == 0 && plan.leftOut() == 0;
        return new TableResult(
                counts.done(),
                counts.failed(),
                isComplete,
                plan.listed(),
                plan.listed() - plan.leftOut(),
                coverage(plan),
                time);
    }

    private TableStore.Coverage coverage(Plan plan) {
        if (stop.isRequested()) {
            return TableStore.Coverage.SOME_ROWS;
        }
        return plan.leftOut() == 0 && options.rows().quick().isEmpty()
                ? TableStore.Coverage.ALL_ROWS
                : TableStore.Coverage.PLANNED_ROWS;
    }

    /** Groups the failures of the table. */
    FailureSummary failures() {
        return failures;
    }

    private RowCounts compute(RunServices services, PlanQueue plan)
            throws JMSException, IOException, InterruptedException {
        InFlightRows inFlight = services.rows();
        int columns = table.model().schema().columns().size();
        inFlight.beginTable(new TableRules(number, columns, options.limits().retries()));
        try (PartWriter writer = table.store().writer();
                RowJournal journal = table.store().journal();
                AttemptLog attempts = new AttemptLog(services.directory().logs());
                TableDispatch dispatch = dispatch(services, writer, journal, attempts);
                ProgressPrinter printer =
                        new ProgressPrinter(table.name(), () -> state(services, plan), () -> times(services), console);
                RunStatus status = status(services, () -> state(services, plan))) {
            status.start();
            if (options.progress()) {
                printer.start();
            }
            CompletableFuture<Void> published = publish(dispatch, plan, inFlight);
            dispatch.collectAll(() -> checkStop(plan, dispatch, inFlight.counts()));
            await(published);
            table.resolved().addAll(dispatch.resolved());
            return inFlight.counts();
        }
    }

    private TableDispatch dispatch(RunServices services, PartWriter writer, RowJournal journal, AttemptLog attempts)
            throws JMSException {
        RunMetrics metrics = new RunMetrics(services.registry(), table.name());
        TableReport report = new TableReport(table.name(), attempts, failures, metrics, times, console);
        return new TableDispatch(
                services.channel(),
                number,
                services.knownNodes(),
                services.rows(),
                new ResultWriter(writer, journal, table.disk(), report, table.inputs()::stored),
                report);
    }

    private RunStatus status(RunServices services, Supplier<ProgressState> state) {
        StallDetector stall = new StallDetector(options.limits().stall(), row -> indexOf(services.rows(), row));
        LongConsumer warnIfStalled =
                nanos -> stall.check(state.get().finished(), services.nodes().all(), nanos)
                        .ifPresent(warning -> console.warn(table.name() + ": " + warning));
        return new RunStatus(
                job.id(),
                services.directory().state(),
                table.name(),
                services.nodes(),
                state,
                () -> times(services),
                failures,
                warnIfStalled);
    }

    /** Index of a row in flight; blank if it is not in flight any more. */
    private static String indexOf(InFlightRows inFlight, long row) {
        return inFlight.find(row).map(found -> IndexText.of(found.index())).orElse("");
    }

    private ProgressState state(RunServices services, PlanQueue plan) {
        RowCounts counts = services.rows().counts();
        return new ProgressState(
                counts.finished(),
                counts.failed(),
                plan.planned(),
                plan.hasEnded(),
                services.nodes().busy(),
                services.nodes().slots());
    }

    private RowTimes.Times times(RunServices services) {
        return times.at(services.nodes().inHandNanos());
    }

    /** Publishes on a thread of its own, because the publisher waits when too many rows are in flight. */
    private CompletableFuture<Void> publish(TableDispatch dispatch, PlanQueue plan, InFlightRows inFlight) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        Threads.startDaemon("rowmill-publish", () -> {
            try {
                dispatch.publishAll(plan, stop);
                inFlight.close(); // before the table can end: the next one uses the same object
                published.complete(null);
            } catch (Throwable e) {
                stop.request("rows cannot be published: " + e, ExitCode.INTERNAL_ERROR);
                inFlight.close();
                published.completeExceptionally(e);
            }
        });
        return published;
    }

    /** Called between results. If the run is to stop, takes back the rows that no consumer has yet. */
    private void checkStop(PlanQueue plan, TableDispatch dispatch, RowCounts counts) {
        if (options.limits().maxFailures().isExceeded(counts.failed(), counts.finished())) {
            stop.request(
                    counts.failed() + " of " + counts.finished() + " finished rows failed, more than --max-failures "
                            + options.limits().maxFailures() + " permits: the run stops early",
                    ExitCode.SOME_FAILED);
        }
        if (stop.isRequested()) {
            plan.close();
            dispatch.takeBackRows();
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
