package org.rowmill.producer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.TableChecker;
import org.rowmill.store.TableLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code check PROJECT [TABLE…]}: whether what is stored is still what was written. */
@Command(
        name = "check",
        description = {
            "Reads every part of a project's tables to its last byte, and tells which are damaged.",
            "Exit code 0: all right, 1: faults were found, 2: wrong input, such as a table that a run computes."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Producer.Version.class,
        sortOptions = false)
final class CheckCommand implements Callable<Integer> {

    private static final String LOCK_HOLDER = "check";

    @ParentCommand
    private Producer parent;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TABLE", description = "only these tables (default: all)")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--repair",
            description = "move damaged parts to TABLE/" + TableChecker.QUARANTINE
                    + ": the next run computes again what they held")
    private boolean repair;

    @Option(names = "--output", paramLabel = "DIR", description = "directory of the tables (default: PROJECT/tables)")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        int exitCode = ExitCode.DONE;
        for (Path directory : TableDirectories.find(project, output, tables)) {
            TableChecker.Result result = check(directory);
            parent.out().println(result.summary());
            result.faults().forEach(fault -> parent.out().println("  fault: " + fault));
            result.notes().forEach(note -> parent.out().println("  note: " + note));
            if (!result.faults().isEmpty()) {
                exitCode = ExitCode.SOME_FAILED;
            }
        }
        return exitCode;
    }

    @SuppressWarnings("try") // the lock is held, not used
    private TableChecker.Result check(Path directory) {
        try (TableLock lock = TableLock.take(directory, LOCK_HOLDER)) {
            return TableChecker.check(directory, repair);
        } catch (IOException e) {
            throw new WrongInput(directory + ": the table cannot be checked: " + e
                    + ". Its directory must be readable, and writable for the lock that keeps runs away meanwhile");
        }
    }
}
