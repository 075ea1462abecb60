package org.rowmill.producer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.StoredRow;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.failed.FailedRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code show PROJECT [TABLE]}: prints stored tables, also while a run is computing. */
@Command(
        name = "show",
        description = "Prints the schema, rows, failed rows, parts and size of each table, or the rows of one table.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false)
final class ShowCommand implements Callable<Integer> {

    private static final List<String> FAILED_SHORT = List.of("columns", "error", "message", "node", "attempts");
    private static final List<String> FAILED = List.of("columns", "error", "message", "stack", "node", "attempts");

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TABLE", description = "only this table (default: all)")
    private @Nullable String table;

    @Option(names = "--rows", paramLabel = "N", description = "print the first N rows of the table")
    private @Nullable Long rows;

    @Option(names = "--failed", description = "print the failed rows, each with its error")
    private boolean failed;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = RowPrinter.FormatConverter.class,
            defaultValue = "table",
            description =
                    "format of rows: table, csv or jsonl (default: ${DEFAULT-VALUE}); csv and jsonl print all rows"
                            + " unless --rows is given")
    private RowPrinter.Format format;

    @Option(names = "--json", description = "print the summary of the tables as JSON")
    private boolean json;

    @Mixin
    private OutputSettings output;

    @Option(names = "--ignore-broken-parts", description = "continue without Parquet parts that cannot be read")
    private boolean ignoreBrokenParts;

    ShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (rows != null && rows < 0) {
            throw new WrongInput("--rows: expected a number of rows, not " + rows);
        }
        List<Path> tables =
                TableDirectories.find(project, output.directory(project), table == null ? List.of() : List.of(table));
        boolean isSummary = !failed && rows == null && format == RowPrinter.Format.TABLE;
        if (json && !isSummary) {
            throw new WrongInput("--json prints the summary of the tables. To print rows as JSON: --format jsonl");
        }
        if (json) {
            printJson(tables);
        } else if (isSummary) {
            for (Path directory : tables) {
                printSummary(directory);
            }
        } else if (tables.size() > 1) {
            throw new WrongInput("show: to print rows, name one TABLE of: " + TableDirectories.names(tables));
        } else {
            printRows(tables.get(0));
        }
        return ExitCode.DONE;
    }

    private void printJson(List<Path> tables) throws IOException {
        List<Object> all = new ArrayList<>();
        for (Path directory : tables) {
            if (TableOpening.isEmpty(directory)) {
                all.add(TableSummary.json(Optional.empty(), directory));
            } else {
                try (TableStore store = open(directory)) {
                    all.add(TableSummary.json(Optional.of(store), directory));
                }
            }
        }
        invocation.out().println(Json.pretty(all));
    }

    /** A run creates the directory before it publishes a part. */
    private void printSummary(Path directory) throws IOException {
        if (TableOpening.isEmpty(directory)) {
            invocation
                    .out()
                    .printf(
                            Locale.ROOT,
                            "%s: nothing is stored yet in %s%n%n",
                            TableSummary.name(directory),
                            directory);
        } else {
            TableSummary.print(open(directory), directory, invocation.out());
        }
    }

    private TableStore open(Path directory) {
        TableStore store = TableOpening.openReadOnly(directory, ignoreBrokenParts);
        store.warnings().forEach(warning -> invocation.err().println("warning: " + warning));
        return store;
    }

    private void printRows(Path directory) throws IOException {
        long limit = rows == null ? Long.MAX_VALUE : rows;
        try (TableStore store = open(directory);
                RowPrinter printer = RowPrinter.of(format, invocation.out())) {
            List<String> index = store.schema().index().stream()
                    .map(TableSchema.IndexField::name)
                    .toList();
            if (failed) {
                printer.names(joined(index, format == RowPrinter.Format.TABLE ? FAILED_SHORT : FAILED));
                try (Stream<FailedRow> all = store.failedRows()) {
                    print(all.limit(limit).map(this::values), printer);
                }
            } else {
                store.requests()
                        .forEach(request -> invocation
                                .err()
                                .println(
                                        "warning: some rows have old values, because this is not finished: compute again "
                                                + request.text() + ". The next run finishes it"));
                List<String> columns = store.schema().columns().stream()
                        .map(TableSchema.ColumnField::name)
                        .toList();
                printer.names(joined(index, columns));
                try (Stream<StoredRow> all = store.rows(Set.of(), true)) {
                    print(all.limit(limit).map(row -> joined(row.index(), Arrays.asList(row.values()))), printer);
                }
            }
        }
    }

    /** Stops when the reader of the output has closed it: {@code show ... | head}. */
    private void print(Stream<List<Object>> all, RowPrinter printer) throws IOException {
        for (List<Object> row : (Iterable<List<Object>>) all::iterator) {
            printer.row(row);
            if (invocation.out().checkError()) {
                return;
            }
        }
    }

    private List<Object> values(FailedRow row) {
        List<Object> values = new ArrayList<>(row.index());
        values.addAll(List.of(row.columns(), row.errorClass(), row.message()));
        if (format != RowPrinter.Format.TABLE) {
            values.add(row.stack());
        }
        values.addAll(List.of(row.node(), row.attempts()));
        return values;
    }

    private static <T> List<T> joined(List<? extends T> first, List<? extends T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
