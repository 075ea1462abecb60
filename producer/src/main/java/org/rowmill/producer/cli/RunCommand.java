package org.rowmill.producer.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.PortRange;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.LogLevel;
import org.rowmill.producer.console.Terminal;
import org.rowmill.producer.options.MaxFailures;
import org.rowmill.producer.options.RowTimeout;
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

/** {@code run PROJECT [TABLE…]}: computes what is missing. */
@Command(
        name = "run",
        description = "Computes every missing cell of a project's tables.",
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
            "Each option may also stand in PROJECT/rowmill.properties (port-count=500) or in the environment"
                    + " (ROWMILL_PORT_COUNT=500); the command line is stronger than the environment, which is stronger than the"
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

    @Option(names = "--ssh-cluster-csv-path", paramLabel = "FILE", description = "the other computers to use, over SSH")
    private @Nullable Path clusterCsv;

    @Mixin
    private ClusterSettings clusterSettings;

    @Mixin
    private PortSettings ports;

    @Option(
            names = "--cpu-limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "rows computed at once on this computer; 0 or less: one a CPU (default: ${DEFAULT-VALUE})")
    private int cpuLimit;

    @Option(
            names = "--memory-per-slot",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description =
                    "heap that a row needs, such as 500m or 4g: fewer rows are computed at once where there is less"
                            + " (the heap of all is 60 percent of a computer's memory)")
    private @Nullable Long memoryPerSlot;

    @Option(names = "--output", paramLabel = "DIR", description = "directory of the tables (default: PROJECT/tables)")
    private @Nullable Path output;

    @Option(names = "--quick", paramLabel = "N", description = "only the first N rows of each index")
    private @Nullable Long quick;

    @Option(
            names = "--only",
            paramLabel = "INDEX",
            description = "only the row of this index, as show prints it; of several components, joined by commas")
    private @Nullable String only;

    @Option(
            names = "--in-process",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "compute in this process and nowhere else, for a debugger")
    private boolean inProcess;

    @Option(
            names = "--dry-run",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "tell what would be computed, per column, and compute nothing")
    private boolean dryRun;

    @Option(
            names = "--recompute",
            paramLabel = "COLUMN",
            split = ",",
            description = "compute these columns again, and those that need them")
    private Set<String> recompute = new LinkedHashSet<>();

    @Option(
            names = "--retry-failed",
            arity = "1",
            paramLabel = "yes|no",
            defaultValue = "yes",
            converter = Converters.YesNo.class,
            description = "compute rows again that failed in an earlier run (default: ${DEFAULT-VALUE})")
    private Boolean retryFailed;

    @Option(
            names = "--max-failures",
            paramLabel = "N|P%",
            converter = Converters.FailureLimit.class,
            description = "stop early when more rows have failed, or more percent of those finished (default: never)")
    private @Nullable MaxFailures maxFailures;

    @Option(
            names = "--timeout",
            paramLabel = "TIME|auto|none",
            defaultValue = "none",
            converter = Converters.Timeout.class,
            description =
                    "how long a row may take, such as 30s or 2h; auto: ten times the median of the rows computed so"
                            + " far, at least 30s, once there are 20 (default: ${DEFAULT-VALUE})")
    private RowTimeout timeout;

    @Option(
            names = "--stall",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Converters.Time.class,
            description = "tell what is waited for when no row has finished for so long (default: ${DEFAULT-VALUE})")
    private Duration stall;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "1",
            description = "how often a row that failed is computed again, on another node if there is one"
                    + " (default: ${DEFAULT-VALUE})")
    private int retries;

    @Option(
            names = "--ignore-broken-parts",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "go on without Parquet parts that cannot be read")
    private boolean ignoreBrokenParts;

    @Option(
            names = "--disk-wait",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Converters.Time.class,
            description = "how long the run waits for room, or for the disk to work again, when results cannot be"
                    + " written (default: ${DEFAULT-VALUE})")
    private Duration diskWait;

    @Mixin
    private HttpSettings httpSettings;

    @Option(
            names = "--no-progress",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "show no progress")
    private boolean noProgress;

    @Option(
            names = {"-v", "--verbose"},
            arity = "0",
            description = {"tell what starts where; -vv: the log of the libraries and stack traces too"})
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
        try (Project loaded = Project.load(options.project(), options.tables(), console)) {
            return Run.run(loaded, options, console, invocation.interrupts());
        }
    }

    int verbosity() {
        return verbose.length > 0 ? verbose.length : invocation.settings().verbosity();
    }

    /** The options, checked. */
    RunOptions options() {
        Path root = project.toAbsolutePath().normalize();
        if (quick != null && quick < 0) {
            throw wrong("--quick: a number of rows was expected, not " + quick);
        }
        if (retries < 0) {
            throw wrong("--retries: 0 or more was expected, not " + retries);
        }
        checkInProcess(root);
        return new RunOptions(
                root,
                tables,
                new RunOptions.Rows(
                        quick == null ? OptionalLong.empty() : OptionalLong.of(quick),
                        Optional.ofNullable(only),
                        recompute,
                        retryFailed),
                new RunOptions.Limits(
                        timeout, retries, maxFailures == null ? MaxFailures.NONE : maxFailures, stall, diskWait),
                compute(),
                new RunOptions.Store(
                        output == null ? root.resolve("tables") : output.toAbsolutePath().normalize(),
                        ignoreBrokenParts),
                dryRun,
                !noProgress,
                httpSettings.options());
    }

    private RunOptions.Compute compute() {
        PortRange range = ports.range();
        return new RunOptions.Compute(
                Optional.ofNullable(clusterCsv).map(csv -> clusterSettings.options(csv)),
                range.first(),
                range.count(),
                cpuLimit,
                memoryPerSlot == null ? OptionalLong.empty() : OptionalLong.of(memoryPerSlot),
                inProcess);
    }

    /** A JVM cannot change its working directory, which for a row is the project's. */
    private void checkInProcess(Path root) {
        Path here = Path.of("").toAbsolutePath();
        if (inProcess && !here.equals(root)) {
            throw wrong("--in-process: rows find their files from the current directory, which is " + here
                    + "; the project was expected: cd " + root + " and run it there, as project .");
        }
    }

    private static WrongInput wrong(String fault) {
        return new WrongInput(fault);
    }

    private Console console() {
        return new Console(invocation.out(), invocation.err(), verbosity(), Terminal.isStandardError(), System.getenv());
    }
}
