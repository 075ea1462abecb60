package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.monitor.RunStatus;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code status PROJECT}: shows the runs of a project that are computing now. */
@Command(
        name = "status",
        description = "Shows the runs of the project that are computing now: nodes, busy slots, rows, rates and failures.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class)
final class StatusCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(project)) {
            throw new WrongInput(project + ": a project's directory was expected, and there is none");
        }
        PrintStream out = invocation.out();
        List<Path> runs = RunDirectory.alive(project);
        if (runs.isEmpty()) {
            out.println("No run of " + project + " computes now.");
        }
        for (Path run : runs) {
            Path status = run.resolve(RunStatus.FILE);
            out.println(
                    Files.exists(status)
                            ? Files.readString(status)
                            : "Run " + run.getFileName().toString().replaceFirst("^run-", "") + " is starting.");
        }
        return ExitCode.DONE;
    }
}
