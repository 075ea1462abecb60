package org.rowmill.producer.run;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.ContextLoader;
import org.rowmill.producer.project.UserStack;
import org.rowmill.schemas.Versions;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.TableRows;
import org.rowmill.table.Rows;
import org.rowmill.table.Table;

/** Prints the start of a run and the results of its tables, and determines the exit code. Used by one thread. */
final class RunReport {

    private final RunJob job;
    private final RunOptions options;
    private final Console console;
    private int exitCode = ExitCode.DONE;
    private long chosen;

    RunReport(RunJob job) {
        this.job = job;
        this.options = job.options();
        this.console = job.console();
    }

    /** Prints the banner and the cluster file. */
    void start() {
        console.say("............ [ Powered by Rowmill v" + Versions.rowmill() + " ] ............");
        console.say("");
        if (options.compute().cluster().isEmpty()) {
            console.say("No cluster is configured. To use more computers: --ssh-cluster-csv-path=rowmill_cluster.csv"
                    + " (java -jar producer.jar init cluster-config .)");
        } else {
            console.say("Using cluster configuration file at "
                    + options.compute().cluster().get().csv()
                    + (job.nodes().isEmpty()
                            ? ". It lists no other computer, so only this computer computes rows."
                            : "."));
        }
    }

    /** Prints the result of a table, and the table's own report if the table is complete. */
    void add(OpenTable table, TableResult result, FailureSummary failures) throws IOException {
        chosen += result.chosen();
        print(table, result, failures);
        if (result.isComplete()) {
            report(table, result.listed());
        } else if (exitCode == ExitCode.DONE && !isOnlyDone(result)) {
            exitCode = ExitCode.SOME_FAILED;
        }
    }

    /** Whether the run computed the row of {@code --only}, although the table is incomplete. */
    private boolean isOnlyDone(TableResult result) {
        return options.rows().only().isPresent() && result.failed() == 0;
    }

    private void print(OpenTable table, TableResult result, FailureSummary failures) {
        String summary = summary(table, result);
        if (result.failed() > 0) {
            console.warn(summary + " (java -jar producer.jar show "
                    + job.project().root() + " " + table.name() + " --failed)");
            failures.lines().forEach(console::say);
        } else if (!result.isComplete()
                && !job.stop().isRequested()
                && options.rows().only().isEmpty()) {
            console.warn(summary + "; rows that failed in an earlier run were not retried (--retry-failed yes)");
        } else if (hasReport(table)) {
            console.verbose(summary);
        } else {
            console.say(summary);
        }
    }

    private static String summary(OpenTable table, TableResult result) {
        return String.format(
                Locale.ROOT,
                "%s: %d rows listed, %d computed, %d failed, %.1f s",
                table.name(),
                result.listed(),
                result.done(),
                result.failed(),
                result.time().toMillis() / 1000.0);
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

    // The model checked that the class is a Table of the index that the rows have. The context is set, not used.
    @SuppressWarnings({"unchecked", "try"})
    private void report(OpenTable table, long listed) throws IOException {
        try (ContextLoader context = ContextLoader.of(table.model().tableClass())) {
            Table<Object> reporting = (Table<Object>) table.model().newTable();
            TableRows rows = new TableRows(
                    table.model(), table.store(), table.keys(), listed, UnlistedRows.areReported(options));
            reporting.report(rows, console.out());
            console.out().flush();
        } catch (OutOfMemoryError | InternalError e) {
            throw e; // not the fault of the code that met it
        } catch (Exception | Error e) {
            console.error("table " + table.name() + ": report() threw " + e
                    + UserStack.at(e, table.model().tableClass()) + "; the table is complete and kept");
            exitCode = ExitCode.SOME_FAILED;
        }
    }

    /**
     * Prints why the run ended early, if it did.
     *
     * @return the exit code of the run
     * @throws WrongInput if no table lists the row of {@code --only}
     */
    int end() {
        if (options.rows().only().isPresent() && chosen == 0 && !job.stop().isRequested()) {
            throw new WrongInput("--only " + options.rows().only().get() + ": no table lists a row with this index."
                    + " To list rows: java -jar producer.jar show "
                    + job.project().root() + " TABLE --format csv");
        }
        job.stop().reason().ifPresent(reason -> {
            console.error(reason.message());
            exitCode = reason.exitCode();
        });
        return exitCode;
    }
}
