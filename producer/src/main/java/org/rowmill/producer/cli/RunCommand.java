package org.rowmill.producer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.rowmill.producer.cli.settings.CodeSettings;
import org.rowmill.producer.cli.settings.ComputeSettings;
import org.rowmill.producer.cli.settings.Flag;
import org.rowmill.producer.cli.settings.HttpSettings;
import org.rowmill.producer.cli.settings.LimitSettings;
import org.rowmill.producer.cli.settings.OutputSettings;
import org.rowmill.producer.cli.settings.RowSettings;
import org.rowmill.producer.cli.settings.WorldSettings;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.LogLevel;
import org.rowmill.producer.console.Terminal;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.run.Run;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run PROJECT [TABLE...]}: computes every missing cell of the tables. */
@Command(
        name = "run",
        description = "Computes every missing cell of the project's tables, or of the named tables.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done: every row is computed",
            "1:some rows failed; the others are kept",
            "2:wrong input",
            "70:internal error: a bug in Rowmill",
            "74:input/output error, such as a disk that stays full; published results are kept",
            "130:interrupted; the results are kept",
            "143:terminated by SIGTERM; the results are kept"
        },
        footer = {
            "",
            "Each option can also be set in the environment (ROWMILL_PORT_COUNT=500) or in PROJECT/rowmill.properties"
                    + " (port-count=500). The command line overrides the environment, and the environment overrides the"
                    + " file."
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        abbreviateSynopsis = true,
        sortOptions = false)
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TABLE", description = "only these tables (default: all)")
    private List<String> tables = new ArrayList<>();

    @Mixin
    private RowSettings rows;

    @Mixin
    private LimitSettings limits;

    @Mixin
    private ComputeSettings compute;

    @Mixin
    private WorldSettings world;

    @Mixin
    private OutputSettings output;

    @Mixin
    private CodeSettings code;

    @Option(
            names = "--ignore-broken-parts",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "continue without Parquet parts that cannot be read, and compute their rows again")
    private boolean ignoreBrokenParts;

    @Option(
            names = "--dry-run",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "print what would be computed, for each column, and compute nothing")
    private boolean dryRun;

    @Mixin
    private HttpSettings http;

    @Option(
            names = "--no-progress",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "print no progress")
    private boolean noProgress;

    @Option(
            names = {"-v", "--verbose"},
            arity = "0",
            description = "print what starts where, published parts, and what columns print; -vv: also print the log of"
                    + " the libraries and stack traces")
    private boolean[] verbose = {};

    RunCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws Exception {
        invocation.settings().check(spec);
        Console console = console();
        invocation.settings().unknownVariables(spec).forEach(console::warn);
        LogLevel.set(verbosity());
        RunOptions options = options();
        world.check(options.project(), System.getenv());
        try (Project loaded = Project.load(options.project(), options.tables(), options.code(), console)) {
            return Run.run(loaded, options, console, invocation.interrupts());
        }
    }

    int verbosity() {
        return verbose.length > 0 ? verbose.length : invocation.settings().verbosity();
    }

    /**
     * Returns the options.
     *
     * @throws WrongInput if they do not fit together or to this computer
     */
    RunOptions options() {
        Path root = project.toAbsolutePath().normalize();
        return new RunOptions(
                root,
                code.options(),
                tables,
                rows.options(),
                limits.options(),
                compute.options(root),
                world.names(),
                new RunOptions.Store(output.directory(root).toAbsolutePath().normalize(), ignoreBrokenParts),
                dryRun,
                !noProgress,
                http.options());
    }

    private Console console() {
        return new Console(
                invocation.out(), invocation.err(), verbosity(), Terminal.isStandardError(), System.getenv());
    }
}
