package org.rowmill.producer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.PortRange;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code run PROJECT [TABLE…]}: computes what is missing. */
@Command(
        name = "run",
        description = "Computes every missing cell of a project's tables.",
        footer = {
            "",
            "Each option may also stand in PROJECT/rowmill.properties (port-count=500) or in the environment"
                    + " (ROWMILL_PORT_COUNT=500); the command line is stronger than the environment, which is stronger than the"
                    + " file."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Producer.Version.class,
        abbreviateSynopsis = true,
        sortOptions = false)
final class RunCommand implements Callable<Integer> {

    /**
     * A flag may be given a value: {@code --dry-run=false} is stronger than the environment. Without a fallback value picocli
     * assigns the opposite of what the environment or the file says.
     */
    static final String FLAG = "0..1";

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Producer parent;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TABLE", description = "only these tables (default: all)")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--ssh-cluster-csv-path", paramLabel = "FILE", description = "the other computers to use, over SSH")
    private @Nullable Path clusterCsv;

    @Mixin
    private ClusterSettings clusterSettings;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "11000",
            description = "first port of the range (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--port-count",
            paramLabel = "N",
            defaultValue = "500",
            description = "ports in the range (default: ${DEFAULT-VALUE})")
    private int portCount;

    @Option(
            names = "--cpu-limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "rows computed at once on this computer; 0 or less: one a CPU (default: ${DEFAULT-VALUE})")
    private int cpuLimit;

    @Option(names = "--output", paramLabel = "DIR", description = "directory of the tables (default: PROJECT/tables)")
    private @Nullable Path output;

    @Option(names = "--quick", paramLabel = "N", description = "only the first N rows of each index")
    private @Nullable Long quick;

    @Option(
            names = "--dry-run",
            arity = FLAG,
            paramLabel = "false",
            fallbackValue = "true",
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
            converter = YesNo.class,
            description = "compute rows again that failed in an earlier run (default: ${DEFAULT-VALUE})")
    private Boolean retryFailed;

    @Option(
            names = "--max-failures",
            paramLabel = "N|P%",
            converter = MaxFailuresConverter.class,
            description = "stop early when more rows have failed, or more percent of those finished (default: never)")
    private @Nullable MaxFailures maxFailures;

    @Option(
            names = "--ignore-broken-parts",
            arity = FLAG,
            paramLabel = "false",
            fallbackValue = "true",
            description = "go on without Parquet parts that cannot be read")
    private boolean ignoreBrokenParts;

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "port on loopback for /metrics (default: the first free one of the range)")
    private @Nullable Integer httpPort;

    @Option(
            names = "--no-http",
            arity = FLAG,
            paramLabel = "false",
            fallbackValue = "true",
            description = "serve no metrics")
    private boolean noHttp;

    @Option(
            names = "--no-progress",
            arity = FLAG,
            paramLabel = "false",
            fallbackValue = "true",
            description = "show no progress")
    private boolean noProgress;

    @Option(
            names = {"-v", "--verbose"},
            arity = "0",
            description = {"tell what starts where; -vv: the log of the libraries and stack traces too"})
    private boolean[] verbose = {};

    @Override
    public Integer call() throws Exception {
        parent.settings().check(spec);
        Console console = console();
        LogLevel.set(verbosity());
        RunOptions options = options();
        try (Project loaded = Project.load(options.project(), options.tables(), console)) {
            return Run.run(loaded, options, console, parent.interrupts());
        }
    }

    int verbosity() {
        return verbose.length > 0 ? verbose.length : parent.settings().verbosity();
    }

    /** The options, checked. */
    RunOptions options() {
        Path root = project.toAbsolutePath().normalize();
        checkPorts();
        if (quick != null && quick < 0) {
            throw wrong("--quick: a number of rows was expected, not " + quick);
        }
        return new RunOptions(
                root,
                tables,
                Optional.ofNullable(clusterCsv).map(csv -> clusterSettings.options(csv)),
                port,
                portCount,
                cpuLimit,
                output == null
                        ? root.resolve("tables")
                        : output.toAbsolutePath().normalize(),
                quick == null ? OptionalLong.empty() : OptionalLong.of(quick),
                dryRun,
                recompute,
                retryFailed,
                maxFailures == null ? MaxFailures.NONE : maxFailures,
                !noProgress,
                httpPort == null ? OptionalInt.empty() : OptionalInt.of(httpPort),
                !noHttp,
                ignoreBrokenParts);
    }

    private void checkPorts() {
        try {
            new PortRange(port, portCount);
        } catch (IllegalArgumentException e) {
            throw wrong("--port " + port + " --port-count " + portCount + ": " + e.getMessage());
        }
        try {
            if (httpPort != null) {
                new PortRange(httpPort, 1);
            }
        } catch (IllegalArgumentException e) {
            throw wrong("--http-port " + httpPort + ": " + e.getMessage());
        }
    }

    private static WrongInput wrong(String fault) {
        return new WrongInput(fault);
    }

    private Console console() {
        return new Console(parent.out(), parent.err(), verbosity(), Terminal.isStandardError(), System.getenv());
    }

    /** Reads yes and no. */
    static final class YesNo implements CommandLine.ITypeConverter<Boolean> {
        @Override
        public Boolean convert(String text) {
            return switch (text) {
                case "yes", "true" -> true;
                case "no", "false" -> false;
                default -> throw new CommandLine.TypeConversionException("yes or no was expected, not '" + text + "'");
            };
        }
    }

    /** Reads a count or a percentage. */
    static final class MaxFailuresConverter implements CommandLine.ITypeConverter<MaxFailures> {
        @Override
        public MaxFailures convert(String text) {
            try {
                return MaxFailures.parse(text);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage() + ", not '" + text + "'");
            }
        }
    }
}
