package org.rowmill.producer.run;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.Interrupts;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.console.UnwritableResults;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.plan.MissingColumns;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.keys.IndexKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One {@code run} command. It computes its tables one after the other, with one broker and the same consumers. */
public final class Run implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final RunJob job;
    private final RunOptions options;
    private final Console console;
    private final StopSignal stop;
    private final Interrupts interrupts;
    private final RunReport report;
    private final UnlistedRows unlisted;
    private final Resources open;
    private volatile @Nullable RunServices services;

    private Run(RunJob job, Interrupts interrupts) {
        this.job = job;
        this.options = job.options();
        this.console = job.console();
        this.stop = job.stop();
        this.interrupts = interrupts;
        this.report = new RunReport(job);
        this.unlisted = new UnlistedRows(options, console);
        this.open = RunResources.create(console);
    }

    /**
     * Computes what is missing.
     *
     * @return the exit code
     * @throws WrongInput before anything starts
     * @throws UnwritableResults if results cannot be written
     */
    public static int run(Project project, RunOptions options, Console console, Interrupts interrupts)
            throws JMSException, IOException, InterruptedException {
        try (Run run = new Run(RunJob.of(project, options, console), interrupts)) {
            return run.all();
        }
    }

    private int all() throws JMSException, IOException, InterruptedException {
        TemporaryDirectory.prepare(job.project().root(), console);
        List<OpenTable> tables = new TableOpener(job, open).openAll();
        if (options.dryRun()) {
            for (OpenTable table : tables) {
                DryRun.print(table, job.codec(), options, console);
            }
            return ExitCode.DONE;
        }
        report.start();
        interrupts.on(this::interrupt);
        for (int i = 0; i < tables.size() && !stop.isRequested(); i++) {
            compute(i, tables.get(i), i + 1 == tables.size());
        }
        if (services == null) {
            deleteStateOfKilledRuns();
        }
        int exitCode = report.end();
        if (services != null) {
            ClassArchive.markComplete();
        }
        return exitCode;
    }

    /** A run with services has done so when it created its own state; a run with nothing to compute changes nothing else. */
    private void deleteStateOfKilledRuns() {
        Path project = job.project().root();
        try {
            RunDirectory.deleteKilled(project);
        } catch (IOException e) {
            LOG.debug("The state of killed runs in {} cannot be deleted", project, e);
        }
    }

    private void interrupt(int signalExitCode) {
        if (stop.request(
                "interrupted; computed rows are kept, and the next run continues from there", signalExitCode)) {
            console.say("Stopping: rows that are being computed are finished and kept. To stop at once: Ctrl-C again.");
            return;
        }
        RunServices running = services;
        if (running != null) {
            running.kill();
        }
        Runtime.getRuntime().halt(signalExitCode);
    }

    /** Starts the services when the first table needs them. */
    private RunServices services() throws JMSException {
        RunServices running = services;
        if (running == null) {
            RunDirectory directory =
                    open.opened(RunDirectory.create(job.project().root(), job.id()));
            try {
                running = open.opened(RunServices.start(job, directory));
            } catch (IOException e) {
                throw RunDirectory.unwritable(job.project().root(), e);
            }
            services = running;
        }
        return running;
    }

    private void compute(int number, OpenTable table, boolean isLast)
            throws JMSException, IOException, InterruptedException {
        TableRun run = new TableRun(job, number, table);
        TableResult result;
        try {
            result = run.run(this::services);
            if (isLast || stop.isRequested()) {
                endConsumers();
            }
            settle(table, result);
        } catch (IOException e) {
            if (stop.isRequested()) { // the reason to stop is printed last, and decides the exit code
                console.error(notWritable(table, e).getMessage());
                return;
            }
            throw notWritable(table, e);
        }
        report.add(table, result, run.failures());
    }

    /** The consumers end while the last table is compacted and reported. */
    private void endConsumers() {
        RunServices running = services;
        if (running != null) {
            running.endConsumers();
        }
    }

    private void settle(OpenTable table, TableResult result) throws IOException, InterruptedException {
        if (!stop.isRequested() && UnlistedRows.isWhole(options)) {
            unlisted.settle(table, result.listed());
        }
        table.disk().write(() -> {
            table.store()
                    .compact(
                            settled(table, result.listed()),
                            result.coverage(),
                            options.rows().quick());
            return table;
        });
    }

    /** A killed run may have left the failure of a row that this run or another one computed. */
    private Predicate<IndexKey> settled(OpenTable table, long listed) {
        if (stop.isRequested()) {
            return table.resolved()::contains; // index() may still run on its own thread
        }
        MissingColumns missing = new MissingColumns(table.model());
        return key -> table.resolved().contains(key)
                || unlisted.isForgotten(table, key, listed)
                || (missing.of(table.keys().columns(key)).isNone()
                        && !table.inputs().isOutdated(key));
    }

    private UnwritableResults notWritable(OpenTable table, IOException e) {
        return new UnwritableResults(
                options.store().output().resolve(table.name()) + ": results cannot be written: "
                        + e.getMessage()
                        + ". Free disk space, or make the directory writable, then run again: published rows are safe,"
                        + " and only missing rows are computed",
                e);
    }

    @Override
    public void close() {
        open.close();
    }
}
