package org.rowmill.producer.run;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.Interrupts;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.DiskWait;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.plan.MissingColumns;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.project.UserStack;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.producer.rundir.RunId;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.Versions;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableRows;
import org.rowmill.store.TableStore;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.parts.StoreOptions;
import org.rowmill.table.Rows;
import org.rowmill.table.Table;

/** One {@code run} command: all its tables, one after the other, on one broker and the same consumers. */
public final class Run implements AutoCloseable {

    /** Before what went wrong with a part of it while it was closed. */
    static final String UNCLEAN = "the run does not end cleanly: ";

    private final Project project;
    private final RunOptions options;
    private final Console console;
    private final Interrupts interrupts;
    private final String id = RunId.next(Clock.systemUTC(), ThreadLocalRandom.current());
    private final StopSignal stop = new StopSignal();
    private final MessageCodec codec;
    private final Resources open;
    private volatile @Nullable RunServices head;
    private List<ClusterNode> nodes = List.of();
    private int exitCode = ExitCode.DONE;
    private long chosen;

    private Run(Project project, RunOptions options, Console console, Interrupts interrupts) {
        this.project = project;
        this.options = options;
        this.console = console;
        this.interrupts = interrupts;
        this.open = new Resources(e -> console.warn(UNCLEAN + e));
        this.codec = new MessageCodec(
                id, project.tables().stream().map(TableModel::schema).toList());
    }

    /**
     * Computes what is missing.
     *
     * @return the exit code
     * @throws WrongInput before anything starts, or when a part cannot be written
     */
    public static int run(Project project, RunOptions options, Console console, Interrupts interrupts)
            throws JMSException, IOException, InterruptedException {
        try (Run run = new Run(project, options, console, interrupts)) {
            return run.all();
        }
    }

    private int all() throws JMSException, IOException, InterruptedException {
        nodes = options.cluster().map(cluster -> ClusterCsv.read(cluster.csv())).orElse(List.of());
        List<OpenTable> tables = openTables();
        if (options.dryRun()) {
            for (OpenTable table : tables) {
                DryRun.print(table, codec, options, console);
            }
            return ExitCode.DONE;
        }
        greet();
        interrupts.on(this::interrupt);
        for (int i = 0; i < tables.size() && !stop.isRequested(); i++) {
            compute(i, tables.get(i));
        }
        checkOnly();
        stop.reason().ifPresent(reason -> {
            console.error(reason.message());
            exitCode = reason.exitCode();
        });
        if (head != null) {
            ClassArchive.want();
        }
        return exitCode;
    }

    private List<OpenTable> openTables() {
        List<String> faults = new ArrayList<>();
        List<OpenTable> tables = new ArrayList<>();
        checkRecomputed(faults);
        for (TableModel model : project.tables()) {
            try {
                tables.add(open(model));
            } catch (WrongInput e) {
                faults.addAll(e.faults());
            }
        }
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
        return tables;
    }

    private OpenTable open(TableModel model) {
        Set<String> recompute = MissingColumns.withDependents(model, options.recompute());
        recompute.removeIf(column -> model.schema().columnNumber(column) < 0);
        Path directory = options.output().resolve(model.schema().table());
        StoreOptions how = new StoreOptions(options.ignoreBrokenParts(), recompute, id, project.codeHash());
        TableStore store = open.opened(
                options.dryRun()
                        ? TableOpening.openToPlan(directory, model.schema(), how)
                        : TableOpening.open(directory, model.schema(), how));
        store.warnings().forEach(console::warn);
        store.notes().forEach(console::verbose);
        DiskWait disk = new DiskWait(directory, options.diskWait(), stop, console);
        return new OpenTable(model, store, store.readKeys(), new HashSet<>(), disk);
    }

    private void checkRecomputed(List<String> faults) {
        for (String column : options.recompute()) {
            if (project.tables().stream().allMatch(model -> model.schema().columnNumber(column) < 0)) {
                List<String> names = project.tables().stream()
                        .flatMap(model -> model.schema().columns().stream())
                        .map(field -> field.name())
                        .toList();
                faults.add("--recompute " + column + ": no table of " + project.root() + " has this column; there are "
                        + String.join(", ", names));
            }
        }
    }

    private void greet() {
        console.say("............ [ Powered by Rowmill v" + Versions.rowmill() + " ] ............");
        console.say("");
        if (options.cluster().isEmpty()) {
            console.say("No cluster is configured. To use more computers: --ssh-cluster-csv-path=rowmill_cluster.csv"
                    + " (java -jar producer.jar init cluster-config .)");
        } else {
            console.say("Using cluster configuration file at "
                    + options.cluster().get().csv()
                    + (nodes.isEmpty() ? ". It names no other computer: this one computes alone." : "."));
        }
    }

    private void interrupt() {
        if (stop.request(
                "interrupted; what was computed is kept, and the next run goes on from there", ExitCode.INTERRUPTED)) {
            console.say("Stopping: rows being computed are finished and kept. Ctrl-C again stops at once.");
            return;
        }
        RunServices running = head;
        if (running != null) {
            running.kill();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }

    private RunServices head() throws JMSException {
        RunServices running = head;
        if (running == null) {
            RunDirectory directory = open.opened(RunDirectory.create(project.root(), id));
            try {
                running = open.opened(RunServices.start(
                        new RunServices.Job(id, project, options, codec, stop, nodes), directory, console));
            } catch (IOException e) {
                throw RunDirectory.unwritable(project.root(), e);
            }
            head = running;
        }
        return running;
    }

    private void compute(int number, OpenTable table) throws JMSException, IOException, InterruptedException {
        TableRun run = new TableRun(number, table, codec, options, stop, console);
        TableRun.TableResult outcome;
        try {
            outcome = run.run(this::head);
            settle(table);
        } catch (IOException e) {
            if (stop.isRequested()) { // the reason to stop is told last, and decides the exit code
                console.error(notWritable(table, e).getMessage());
                return;
            }
            throw notWritable(table, e);
        }
        chosen += outcome.chosen();
        tell(table, outcome, run.failures());
        if (outcome.isComplete()) {
            report(table, outcome.listed());
        } else if (exitCode == ExitCode.DONE && !isOnlyDone(outcome)) {
            exitCode = ExitCode.SOME_FAILED;
        }
    }

    private boolean isOnlyDone(TableRun.TableResult outcome) {
        return options.only().isPresent() && outcome.failed() == 0;
    }

    private void checkOnly() {
        if (options.only().isPresent() && chosen == 0 && !stop.isRequested()) {
            throw new WrongInput("--only " + options.only().get() + ": no table lists a row of this index. Rows are"
                    + " listed by: java -jar producer.jar show " + project.root() + " TABLE --format csv");
        }
    }

    private void settle(OpenTable table) throws IOException, InterruptedException {
        table.disk().until(() -> {
            table.store().compact(settled(table));
            return table;
        });
    }

    /** A run that was killed may have left the failure of a row that it, or a run after it, did compute. */
    private Predicate<IndexKey> settled(OpenTable table) {
        if (stop.isRequested()) {
            return table.resolved()::contains; // index() may still be listing, on its thread
        }
        MissingColumns missing = new MissingColumns(table.model());
        return key -> table.resolved().contains(key)
                || missing.of(table.keys().columns(key)).isNone();
    }

    private WrongInput notWritable(OpenTable table, IOException e) {
        WrongInput fault = new WrongInput(options.output().resolve(table.name()) + ": results cannot be written: "
                + e.getMessage()
                + ". Make room, or make it writable, and run again: what was published is safe, and only"
                + " what is missing is computed");
        fault.initCause(e);
        return fault;
    }

    private void tell(OpenTable table, TableRun.TableResult outcome, FailureSummary failures) {
        String summary = String.format(
                Locale.ROOT,
                "%s: %d rows listed, %d computed, %d failed, %.1f s",
                table.name(),
                outcome.listed(),
                outcome.done(),
                outcome.failed(),
                outcome.time().toMillis() / 1000.0);
        if (outcome.failed() > 0) {
            console.warn(
                    summary + " (java -jar producer.jar show " + project.root() + " " + table.name() + " --failed)");
            failures.lines().forEach(console::say);
        } else if (!outcome.isComplete()
                && !stop.isRequested()
                && options.only().isEmpty()) {
            console.warn(summary + "; rows that failed in an earlier run were not retried (--retry-failed yes)");
        } else if (hasReport(table)) {
            console.verbose(summary);
        } else {
            console.say(summary);
        }
    }

    private static boolean hasReport(OpenTable table) {
        try {
            return table.model()
                            .tableClass()
                            .getMethod("report", Rows.class, PrintStream.class)
                            .getDeclaringClass()
                    != Table.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    @SuppressWarnings("unchecked") // the model checked that the class is a Table of the index that the rows have
    private void report(OpenTable table, long listed) throws IOException {
        try {
            Table<Object> of = (Table<Object>) table.model().newTable();
            of.report(new TableRows(table.model(), table.store(), table.keys(), listed), console.out());
            console.out().flush();
        } catch (Exception | LinkageError | StackOverflowError e) {
            console.error("table " + table.name() + ": report() threw " + e
                    + UserStack.at(e, table.model().tableClass()) + "; the table is complete and kept");
            exitCode = ExitCode.SOME_FAILED;
        }
    }

    @Override
    public void close() {
        open.close();
    }
}
