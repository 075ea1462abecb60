package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.cli.settings.OutputSettings;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.Json;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.StoredRow;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.failed.FailedRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain PROJECT INDEX}: prints what is known about one row. */
@Command(
        name = "explain",
        description =
                "Prints what is known about one row: values, failure, attempts, output, and the command that computes"
                        + " only this row.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false)
final class ExplainCommand implements Callable<Integer> {

    private static final int STACK_LINES = 30;

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Parameters(
            index = "1",
            paramLabel = "INDEX",
            description = "index of the row, written as show prints it; join several components with commas. If it is"
                    + " the name of an option, write -- before PROJECT")
    private String index;

    @Option(names = "--table", paramLabel = "TABLE", description = "only this table (default: all)")
    private @Nullable String table;

    @Mixin
    private OutputSettings output;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    ExplainCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Path directory = output.directory(project);
        if (!Files.isDirectory(directory)) {
            throw new WrongInput(directory + ": the directory of the tables does not exist. To compute tables:"
                    + " java -jar producer.jar run " + project);
        }
        RowLogs logs = RowLogs.of(project);
        List<RowHistory> rows = new ArrayList<>();
        for (Path each : tables(directory)) {
            rows.add(history(each, logs));
        }
        rows.removeIf(row -> !row.isKnown());
        if (rows.isEmpty()) {
            throw new WrongInput(directory + ": row " + index + " is unknown: it is not stored, it did not fail, and"
                    + " the logs contain no attempt. To list the rows: java -jar producer.jar show " + project
                    + " TABLE --format csv");
        }
        if (json) {
            invocation
                    .out()
                    .println(Json.pretty(rows.stream().map(RowHistory::json).toList()));
        } else {
            rows.forEach(this::print);
        }
        return ExitCode.DONE;
    }

    private List<Path> tables(Path directory) throws IOException {
        List<Path> tables = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path path : all) {
                if (table == null || path.getFileName().toString().equals(table)) {
                    tables.add(path);
                }
            }
        }
        tables.sort(null);
        return tables;
    }

    private RowHistory history(Path directory, RowLogs logs) throws IOException {
        String name = TableSummary.name(directory);
        Optional<StoredRow> row = Optional.empty();
        Optional<FailedRow> failed = Optional.empty();
        List<String> components = List.of();
        List<String> columns = List.of();
        if (!TableOpening.isEmpty(directory)) {
            try (TableStore store = TableOpening.openReadOnly(directory, true)) {
                components = store.schema().index().stream()
                        .map(TableSchema.IndexField::name)
                        .toList();
                columns = store.schema().columns().stream()
                        .map(TableSchema.ColumnField::name)
                        .toList();
                row = stored(store);
                failed = failed(store);
            }
        }
        return new RowHistory(
                name,
                index,
                components,
                columns,
                row,
                failed,
                logs.attempts(name, index),
                logs.printed(name, index),
                command(name));
    }

    private Optional<StoredRow> stored(TableStore store) {
        try (Stream<StoredRow> rows = store.rows(Set.of(), false)) {
            if (rows.noneMatch(row -> IndexText.of(row.index()).equals(index))) {
                return Optional.empty();
            }
        }
        try (Stream<StoredRow> rows = store.rows(Set.of(), true)) {
            return rows.filter(row -> IndexText.of(row.index()).equals(index)).findFirst();
        }
    }

    private Optional<FailedRow> failed(TableStore store) {
        try (Stream<FailedRow> rows = store.failedRows()) {
            return rows.filter(row -> IndexText.of(row.index()).equals(index)).findFirst();
        }
    }

    private String command(String name) {
        return "cd " + quoted(project.toAbsolutePath().normalize().toString())
                + " && java -agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:5005 -jar "
                + quoted(jar()) + " run . " + quoted(name)
                + output.option()
                        .map(tables ->
                                " --output " + quoted(tables.toAbsolutePath().toString()))
                        .orElse("")
                + " --only" + (index.startsWith("-") ? "=" : " ") + quoted(index) + " --in-process --retries 0";
    }

    private static String jar() {
        Path jar = Path.of(System.getProperty("java.class.path"));
        return jar.toString().endsWith(".jar") ? jar.toAbsolutePath().toString() : "producer.jar";
    }

    /** Quotes a word for a POSIX shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./,:=+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private void print(RowHistory row) {
        invocation.out().println(row.table() + ", row " + index);
        row.stored().ifPresent(values -> {
            print("stored", List.of(values(values)));
            print("columns", List.of(String.join(", ", row.columns())));
        });
        row.failed().ifPresent(failure -> print("failed", lines(failure)));
        print(
                "attempts that failed, and what followed",
                row.attempts().stream().map(ExplainCommand::text).toList());
        print(
                "printed",
                row.printed().stream()
                        .map(line -> line.run() + ": " + line.text())
                        .toList());
        print("to compute only this row, in a process that waits for a debugger on port 5005", List.of(row.command()));
    }

    private void print(String title, List<String> lines) {
        PrintStream out = invocation.out();
        if (!lines.isEmpty()) {
            out.println("  " + title + ":");
            lines.forEach(line -> out.println("    " + line));
        }
    }

    private static String values(StoredRow row) {
        List<String> values = new ArrayList<>();
        for (Object value : row.values()) {
            values.add(value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value));
        }
        return String.join(", ", values);
    }

    private static List<String> lines(FailedRow row) {
        List<String> lines = new ArrayList<>();
        lines.add(row.errorClass() + (row.message().isEmpty() ? "" : ": " + row.message()));
        lines.add((row.columns().isEmpty() ? "" : "column " + row.columns() + ", ")
                + (row.node().isEmpty() ? "" : "on " + row.node() + ", ") + row.attempts() + " attempts");
        row.stack().lines().limit(STACK_LINES).forEach(lines::add);
        return lines;
    }

    private static String text(RowHistory.Attempt attempt) {
        AttemptLog.Entry entry = attempt.entry();
        return String.format(
                Locale.ROOT,
                "%s run %s, attempt %d on %s%s: %s",
                entry.time(),
                attempt.run(),
                entry.attempt(),
                entry.node(),
                entry.seconds() > 0 ? String.format(Locale.ROOT, ", %.3f s", entry.seconds()) : "",
                entry.failure().map(ExplainCommand::text).orElse("computed"));
    }

    private static String text(Failure failure) {
        return failure.errorClass()
                + (failure.message().isEmpty() ? "" : ": " + failure.message())
                + (failure.columns().isEmpty() ? "" : " (column " + failure.columns() + ")");
    }
}
