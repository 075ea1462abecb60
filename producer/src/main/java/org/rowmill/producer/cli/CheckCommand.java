package org.rowmill.producer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.rowmill.producer.cli.settings.OutputSettings;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.TableChecker;
import org.rowmill.store.TableLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code check PROJECT [TABLE...]}: checks that the stored tables are what was written. */
@Command(
        name = "check",
        description = "Reads every part of the tables to its last byte and reports damage.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no faults",
            "1:faults were found, even if they were repaired",
            "2:wrong input, or a run is computing the table"
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false)
final class CheckCommand implements Callable<Integer> {

    private static final String LOCK_HOLDER = "check";

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TABLE", description = "only these tables (default: all)")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--repair",
            description = "quarantine damaged parts: move them to TABLE/" + TableChecker.QUARANTINE
                    + "; the next run computes their rows again")
    private boolean repair;

    @Mixin
    private OutputSettings output;

    CheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        int exitCode = ExitCode.DONE;
        for (Path directory : TableDirectories.find(project, output.directory(project), tables)) {
            TableChecker.Result result = check(directory);
            invocation.out().println(result.summary());
            result.faults().forEach(fault -> invocation.out().println("  fault: " + fault));
            result.notes().forEach(note -> invocation.out().println("  note: " + note));
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
                    + ". Make its directory readable, and writable for the lock that keeps runs from changing it");
        }
    }
}
