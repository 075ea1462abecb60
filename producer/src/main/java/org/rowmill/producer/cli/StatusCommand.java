package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.Json;
import org.rowmill.producer.console.TextTable;
import org.rowmill.producer.monitor.RunStatus;
import org.rowmill.producer.monitor.StatusFacts;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code status PROJECT}: shows the active runs of a project. */
@Command(
        name = "status",
        description = "Shows the active runs of the project: nodes, busy slots, rows, rates and failures.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false)
final class StatusCommand implements Callable<Integer> {

    private static final double MEGA = 1e6;

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(project)) {
            throw new WrongInput(project + ": the directory of a project was expected, but it does not exist");
        }
        List<Path> runs = RunDirectory.alive(project);
        if (json) {
            printJson(runs);
        } else {
            print(runs);
        }
        return ExitCode.DONE;
    }

    private void printJson(List<Path> runs) throws IOException {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Path run : runs) {
            facts(run).ifPresent(facts -> all.add(facts.json()));
        }
        invocation.out().println(Json.pretty(all));
    }

    private void print(List<Path> runs) throws IOException {
        if (runs.isEmpty()) {
            invocation.out().println("No run of " + project + " is active.");
        }
        for (Path run : runs) {
            Optional<StatusFacts> facts = facts(run);
            if (facts.isPresent()) {
                print(facts.get(), invocation.out());
            } else {
                String id = run.getFileName().toString().replaceFirst("^run-", "");
                invocation.out().println("Run " + id + " is starting.");
            }
        }
    }

    /** Reads the status of a run; empty: it has written none yet. */
    private static Optional<StatusFacts> facts(Path run) throws IOException {
        Path file = run.resolve(RunStatus.FILE);
        return Files.exists(file) ? Optional.of(StatusFacts.parse(Files.readString(file))) : Optional.empty();
    }

    static void print(StatusFacts facts, PrintStream out) {
        out.println("Run " + facts.run() + ", process " + facts.pid() + ", table since " + facts.since() + ", now "
                + facts.now());
        out.println(facts.progress());
        out.println();
        try (TextTable table = new TextTable(out)) {
            table.row(List.of("node", "slots", "busy", "rows", "oldest row s", "read MB", "written MB", "operations"));
            facts.nodes().forEach(node -> table.row(cells(node)));
        }
        if (!facts.failures().isEmpty()) {
            out.println();
            out.println("failures");
            facts.failures().forEach(out::println);
        }
        out.println();
    }

    private static List<?> cells(StatusFacts.Node node) {
        return List.of(
                node.node(),
                node.slots(),
                node.busy(),
                TextTable.right(String.format(Locale.ROOT, "%,d", node.rows())),
                TextTable.right(node.oldestSeconds().map(String::valueOf).orElse("-")),
                TextTable.right(
                        node.mount().map(mount -> megabytes(mount.readBytes())).orElse("-")),
                TextTable.right(node.mount()
                        .map(mount -> megabytes(mount.writtenBytes()))
                        .orElse("-")),
                TextTable.right(node.mount()
                        .map(mount -> String.valueOf(mount.operations()))
                        .orElse("-")));
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MEGA);
    }
}
