package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.producer.cli.settings.ProjectPath;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.UnwritableResults;
import org.rowmill.producer.launch.RunArguments;
import org.rowmill.producer.monitor.HttpToken;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.producer.options.HttpOptions;
import org.rowmill.producer.options.MaxFailures;
import org.rowmill.producer.options.RowTimeout;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine;

class CommandLineTest {

    private static final Path DOCS = Path.of("..", "docs", "cli.md");

    @TempDir
    private Path project;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    private Producer producer() {
        return new Producer(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment);
    }

    private int execute(Object... arguments) {
        String[] words = List.of(arguments).stream().map(String::valueOf).toArray(String[]::new);
        return producer().execute(words);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Parses the options of a command line, the environment and the file. */
    private RunOptions options(Object... arguments) {
        CommandLine commands = producer().commands();
        String[] words = List.of(arguments).stream().map(String::valueOf).toArray(String[]::new);
        CommandLine.ParseResult parsed = commands.parseArgs(Aliases.resolve(words));
        RunCommand run = (RunCommand) parsed.subcommand().commandSpec().userObject();
        return run.options();
    }

    @Test
    void theDefaultsAreDocumented() throws IOException {
        RunOptions options = options("run", project);

        assertThat(options.compute().port()).isEqualTo(11_000);
        assertThat(options.compute().portCount()).isEqualTo(500);
        assertThat(options.compute().cpuLimit()).isZero();
        assertThat(options.store().output()).isEqualTo(project.resolve("tables"));
        assertThat(options.rows().quick()).isEmpty();
        assertThat(options.compute().cluster()).isEmpty();
        assertThat(options.dryRun()).isFalse();
        assertThat(options.rows().recompute()).isEmpty();
        assertThat(options.rows().retryFailed()).isTrue();
        assertThat(options.limits().maxFailures()).isEqualTo(MaxFailures.NONE);
        assertThat(options.limits().timeout()).isEqualTo(RowTimeout.NONE);
        assertThat(options.limits().retries()).isOne();
        assertThat(options.compute().memoryPerSlot()).isEmpty();
        assertThat(options("run", project, "--memory-per-slot", "3g").compute().memoryPerSlot())
                .hasValue(3L << 30);
        assertThat(options.progress()).isTrue();
        assertThat(options.http())
                .contains(new HttpOptions(InetAddress.getLoopbackAddress(), OptionalInt.empty(), Optional.empty()));
        assertThat(options.limits().diskWait()).isEqualTo(Duration.ofMinutes(10));
        assertThat(options.store().ignoreBrokenParts()).isFalse();
        String docs = Files.readString(DOCS);
        CommandLine run =
                Objects.requireNonNull(producer().commands().getSubcommands().get("run"));
        assertThat(run).isNotNull();
        assertThat(run.getCommandSpec().options()).allSatisfy(option -> {
            if (!option.usageHelp() && !option.versionHelp()) {
                assertThat(docs).contains("`" + option.longestName());
                if (option.defaultValue() != null) {
                    assertThat(docs)
                            .containsPattern("`" + option.longestName() + "[^|]*(\\\\\\|[^|]*)*` \\| `"
                                    + option.defaultValue() + "`");
                }
            }
        });
    }

    @Test
    void theCommandLineOverridesTheEnvironmentAndTheEnvironmentOverridesTheFile() throws IOException {
        Files.writeString(
                project.resolve("rowmill.properties"), "port=11100\nport-count=30\ncpu-limit=3\ndry-run=true\n");
        environment.put("ROWMILL_PORT", "11200");
        environment.put("ROWMILL_PORT_COUNT", "40");

        RunOptions options = options("run", project, "--port", "11300");

        assertThat(options.compute().port()).isEqualTo(11_300);
        assertThat(options.compute().portCount()).isEqualTo(40);
        assertThat(options.compute().cpuLimit()).isEqualTo(3);
        assertThat(options.dryRun()).isTrue();
    }

    @Test
    void metricsForOtherComputersRequireAToken() throws IOException {
        assertThatThrownBy(() -> options("run", project, "--http-address", "0.0.0.0"))
                .isInstanceOf(WrongInput.class)
                .hasMessageContainingAll("--http-address 0.0.0.0", "--http-token-file FILE");
        assertThatThrownBy(() -> options("run", project, "--http-address", "192.0.2.7"))
                .hasMessageContaining("expected an address of this computer, not '192.0.2.7'");
        Path token = Files.writeString(project.resolve("token"), "0123456789abcdef");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> options("run", project, "--http-token-file", token))
                .isInstanceOf(WrongInput.class)
                .hasMessageContainingAll("its mode is rw-r-----", "chmod 600");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        assertThat(HttpToken.of(token).isShownBy("Bearer 0123456789abcdef")).isTrue();
        assertThat(HttpToken.of(token).isShownBy("Bearer 0123456789abcdee")).isFalse();
        assertThat(HttpToken.of(token).isShownBy(null)).isFalse();
        Files.writeString(token, "short");
        assertThatThrownBy(() -> HttpToken.of(token)).hasMessageContaining("16 or more");
    }

    /** By default picocli inverts a flag that the file sets: --dry-run would compute. */
    @ParameterizedTest
    @ValueSource(strings = {"dry-run", "ignore-broken-parts", "no-http", "no-progress"})
    void aFlagThatIsSetInTheFileAndOnTheCommandLineIsOn(String flag) throws IOException {
        Files.writeString(project.resolve("rowmill.properties"), flag + "=true\n");

        assertThat(options("run", project, "--" + flag)).isEqualTo(options("run", project));
        assertThat(options("run", project, "--" + flag + "=false")).isNotEqualTo(options("run", project));
    }

    @Test
    void theArgumentAfterAFlagIsNotItsValue() {
        assertThat(options("run", "--dry-run", project).project()).isEqualTo(project);
    }

    @Test
    void anEmptyVariableIsIgnored() {
        environment.put("ROWMILL_QUICK", "");
        environment.put("ROWMILL_PORT", " ");

        assertThat(options("run", project)).isEqualTo(options("run", project, "--port", 11_000));
    }

    @Test
    void nodesConnectThroughSshByDefault() {
        environment.put("ROWMILL_SSH_CLUSTER_CSV_PATH", "cluster.csv");
        assertThat(options("run", project).compute().cluster().map(ClusterOptions::connect))
                .contains(ClusterOptions.Connect.TUNNEL);

        environment.put("ROWMILL_CONNECT", "direct");
        assertThat(options("run", project).compute().cluster().map(ClusterOptions::connect))
                .contains(ClusterOptions.Connect.DIRECT);
    }

    @Test
    void pathsInTheFileAreRelativeToTheProject() throws IOException {
        Files.writeString(project.resolve("rowmill.properties"), "output=results\nssh-cluster-csv-path=cluster.csv\n");

        RunOptions options = options("run", project);

        assertThat(options.store().output()).isEqualTo(project.resolve("results"));
        assertThat(options.compute().cluster().map(ClusterOptions::csv)).contains(project.resolve("cluster.csv"));
    }

    @Test
    void aTildeIsTheHomeDirectoryWhereverAPathIsSet() throws IOException {
        environment.put("HOME", "/home/anna");
        environment.put("ROWMILL_HTTP_TOKEN_FILE", "~/token");
        Files.writeString(
                project.resolve("rowmill.properties"), "ssh-cluster-csv-path=~/cluster.csv\nsources=~/code, .\n");

        RunOptions options = options("run", project, "--output=~/tables");

        assertThat(options.store().output()).isEqualTo(Path.of("/home/anna/tables"));
        assertThat(options.http().flatMap(HttpOptions::tokenFile)).contains(Path.of("/home/anna/token"));
        assertThat(options.compute().cluster().map(ClusterOptions::csv)).contains(Path.of("/home/anna/cluster.csv"));
        assertThat(options.code().sources()).containsExactly(Path.of("/home/anna/code"), Path.of("."));
        assertThat(options("run", "~/p", "--output", "~").project()).isEqualTo(Path.of("/home/anna/p"));
        assertThat(options("run", project, "--output=./~").store().output())
                .isEqualTo(Path.of("~").toAbsolutePath());
        assertThat(execute("show", project, "--output=~bob/tables")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err()).contains("--output", "~bob/tables", "another user");
    }

    @Test
    void aReleaseThatThisJavaCannotCompileForIsRejected() {
        int own = Runtime.version().feature();

        assertThat(options("run", project, "--release", own).code().release()).isEqualTo(own);
        assertThatThrownBy(() -> options("run", project, "--release", own + 1))
                .isInstanceOf(WrongInput.class)
                .hasMessageContainingAll(
                        "--release " + (own + 1), "this computer runs Java " + own, "JDK " + (own + 1));
        assertThatThrownBy(() -> options("run", project, "--release", 11)).hasMessageContaining("17 or more, not 11");
    }

    /** Each argument that the help calls a file or directory is a path, and none has a converter of its own. */
    @Test
    void everyPathIsReadTheSameWay() {
        Set<String> names = Set.of("FILE", "DIR", "PROJECT", "PATH");

        producer()
                .commands()
                .getSubcommands()
                .values()
                .forEach(command -> assertThat(command.getCommandSpec().args()).allSatisfy(argument -> {
                    List<Class<?>> types = List.of(argument.auxiliaryTypes());
                    boolean isPath = types.contains(Path.class) || types.contains(ProjectPath.class);
                    assertThat(isPath)
                            .as(command.getCommandName() + " " + argument.paramLabel())
                            .isEqualTo(names.contains(argument.paramLabel()));
                    assertThat(isPath && argument.converters().length > 0).isFalse();
                }));
    }

    /** The launcher starts the head in the project, and says where the command was called. */
    @Test
    void pathsAreRelativeToTheCallerUnlessTheyAreOfTheProject() {
        System.setProperty("rowmill.caller", "/caller");
        try {
            RunOptions options = options("run", project, "--sources", "generated", "--output", "results");
            assertThat(options.code().sources()).containsExactly(Path.of("generated"));
            assertThat(options.store().output()).isEqualTo(Path.of("/caller/results"));
        } finally {
            System.clearProperty("rowmill.caller");
        }
    }

    @Test
    void everyOptionIsDocumentedInTheSectionOfItsCommand() throws IOException {
        String docs = Files.readString(DOCS);

        producer().commands().getSubcommands().forEach((name, command) -> {
            int start = docs.indexOf("\n## " + name + " ");
            assertThat(start).as("a section on " + name).isNotNegative();
            String section = docs.substring(start, docs.indexOf("\n## ", start + 1));
            assertThat(command.getCommandSpec().options())
                    .filteredOn(option -> !option.usageHelp() && !option.versionHelp())
                    .allSatisfy(option -> assertThat(section).contains("| `" + option.longestName()));
        });
    }

    @Test
    void theExitCodesAreDocumented() throws IOException, IllegalAccessException {
        String docs = Files.readString(DOCS);
        List<String> documented = Pattern.compile("(?m)^\\| (\\d+) \\|")
                .matcher(docs.substring(docs.indexOf("\n## Exit codes\n")))
                .results()
                .map(row -> row.group(1))
                .toList();
        List<String> defined = new ArrayList<>();
        for (Field code : ExitCode.class.getFields()) {
            defined.add(String.valueOf(code.getInt(null)));
        }

        assertThat(documented).isEqualTo(defined);
        CommandLine run =
                Objects.requireNonNull(producer().commands().getSubcommands().get("run"));
        assertThat(run).isNotNull();
        assertThat(run.getCommandSpec().usageMessage().exitCodeList().keySet()).containsExactlyElementsOf(defined);
    }

    @Test
    void theSpellingOfEnbIsAccepted() {
        RunOptions options = options(
                "run",
                project,
                "--ray_port=12000",
                "--ray_port_count",
                20,
                "--ssh_cluster_csv_path=c.csv",
                "--cpu_limit",
                2);

        assertThat(options.compute().port()).isEqualTo(12_000);
        assertThat(options.compute().portCount()).isEqualTo(20);
        assertThat(options.compute().cluster().map(ClusterOptions::csv)).contains(Path.of("c.csv"));
        assertThat(options.compute().cpuLimit()).isEqualTo(2);
    }

    @Test
    void versionPrintsTheVersionsOfRowmillArtemisAndTheJdk() {
        assertThat(execute("--version")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("Rowmill \\d.*\\RArtemis 2\\..*\\RJDK \\d+");
    }

    @Test
    void theHelpOfRunIsThatOfTheFile() throws IOException {
        assertThat(execute("help", "run")).isZero();

        String expected = Files.readString(Path.of("src/test/resources/help-run.txt"));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines(expected);
    }

    @Nested
    class WrongInputs {

        private void rejected(String... messages) {
            assertThat(err()).contains(messages).doesNotContain("\tat ");
        }

        /** The launcher must find PROJECT among the options, before they are parsed. */
        @Test
        void theLauncherKnowsTheOptionsWithoutAValue() {
            CommandLine run = Objects.requireNonNull(
                    producer().commands().getSubcommands().get("run"));
            assertThat(run.getCommandSpec().options())
                    .filteredOn(option -> option.arity().max() == 0 || option.type() == boolean.class)
                    .filteredOn(option ->
                            !option.fallbackValue().isEmpty() || option.arity().max() == 0)
                    .extracting(option -> option.longestName())
                    .containsExactlyInAnyOrderElementsOf(RunArguments.FLAGS);
        }

        @Test
        void anInvalidVariable() {
            assertThat(execute("run", project, "--env", "A-B=secret")).isEqualTo(2);

            rejected("--env", "NAME=VALUE", "A-B");
            assertThat(err()).doesNotContain("secret");
        }

        @Test
        void aVariableThatIsNotSet() {
            environment.put("ROWMILL_ENV", "FIRST=1\nROWMILL_TEST_NOT_SET");
            assertThat(execute("run", project)).isEqualTo(2);

            rejected("--env ROWMILL_TEST_NOT_SET", "not set here", "--env FIRST", "FIRST=VALUE java");
        }

        @Test
        void anUnknownOptionGetsASuggestion() {
            assertThat(execute("run", project, "--prot-count=3")).isEqualTo(2);

            rejected("--prot-count", "did you mean --port-count?");
        }

        @Test
        void anUnknownCommandGetsASuggestion() {
            assertThat(execute("rum", project)).isEqualTo(2);

            rejected("'rum'", "did you mean run?");
        }

        @Test
        void helpOnAnUnknownCommandGetsASuggestion() {
            assertThat(execute("help", "shwo")).isEqualTo(2);

            rejected("'shwo'", "did you mean show?");
        }

        @Test
        void anInvalidNumberOnTheCommandLine() {
            assertThat(execute("run", project, "--port", "many")).isEqualTo(2);

            rejected("--port", "many");
        }

        @Test
        void anInvalidNumberInTheEnvironmentIsReportedWithTheVariable() {
            environment.put("ROWMILL_PORT", "many");

            assertThat(execute("run", project)).isEqualTo(2);

            rejected("ROWMILL_PORT in the environment", "--port", "many");
        }

        @Test
        void anInvalidNumberInTheFileIsReportedWithItsLine() throws IOException {
            Files.writeString(project.resolve("rowmill.properties"), "# ports\nport=11000\nport-count = 5x\n");

            assertThat(execute("run", project)).isEqualTo(2);

            rejected("rowmill.properties:3", "--port-count", "5x");
        }

        @Test
        void anUnknownKeyInTheFileIsReportedWithItsLineAndASuggestion() throws IOException {
            Files.writeString(project.resolve("rowmill.properties"), "port=11000\nprot-count=7\n");

            assertThat(execute("run", project)).isEqualTo(2);

            rejected("rowmill.properties:2", "prot-count", "did you mean port-count?");
        }

        @Test
        void anUnknownVariableCausesAWarningWithASuggestion() {
            environment.put("ROWMILL_PROT_COUNT", "7");
            environment.put("ROWMILL_CONNECT", "tunnel");

            execute("run", project);

            rejected("warning: ROWMILL_PROT_COUNT in the environment", "did you mean ROWMILL_PORT_COUNT?");
            assertThat(err()).doesNotContain("ROWMILL_CONNECT");
        }

        @Test
        void anInvalidPortRange() {
            assertThatThrownBy(() -> options("run", project, "--port", "65535", "--port-count", "2"))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContaining("--port 65535 --port-count 2");
        }

        @Test
        void anInvalidKindOfConnection() {
            assertThat(execute("run", project, "--connect", "sideways")).isEqualTo(2);
            rejected("error: Invalid value for option '--connect': expected tunnel or direct, not 'sideways'");

            environment.put("ROWMILL_CONNECT", "sideways");
            assertThat(execute("nodes", project)).isEqualTo(2);
            rejected("ROWMILL_CONNECT in the environment", "expected tunnel or direct");
        }

        @Test
        void aClusterFileOnWindows() throws IOException {
            Path csv = Files.writeString(
                    project.resolve("cluster.csv"), "address,ssh_user,ssh_port,local_ssh_file,cpu_limit\n");
            String system = System.setProperty("os.name", "Windows 11");
            try {
                assertThat(execute("run", project, "--ssh-cluster-csv-path", csv))
                        .isEqualTo(2);
                assertThat(execute("nodes", project, "--ssh-cluster-csv-path", csv))
                        .isEqualTo(2);
                assertThat(err().lines())
                        .hasSize(2)
                        .allMatch(line -> line.contains("a head on Windows 11 cannot use other computers. Run without"
                                + " a cluster file, or start the run on Linux or macOS"));
                assertThat(options("run", project).compute().cluster()).isEmpty();
            } finally {
                System.setProperty("os.name", system);
            }
            assertThat(options("run", project, "--ssh-cluster-csv-path", csv)
                            .compute()
                            .cluster())
                    .isPresent();
        }

        @Test
        void aValueOtherThanYesOrNo() {
            assertThat(execute("run", project, "--retry-failed", "maybe")).isEqualTo(2);

            rejected("--retry-failed", "yes or no", "maybe");
        }

        @Test
        void anInvalidNumberOfFailures() {
            assertThat(execute("run", project, "--max-failures", "some")).isEqualTo(2);

            rejected("--max-failures", "a percentage such as 5%", "some");
        }

        @Test
        void aMissingProject() {
            assertThat(execute("run")).isEqualTo(2);

            rejected("PROJECT");
        }
    }

    @Nested
    class Errors {

        /** Runs a command that throws. */
        private int fail(Exception e) {
            CommandLine commands = producer().commands();
            commands.addSubcommand(
                    "fail", CommandLine.Model.CommandSpec.wrapWithoutInspection((Callable<Integer>) () -> {
                        throw e;
                    }));
            commands.setExecutionExceptionHandler(commands.getExecutionExceptionHandler());
            return commands.execute("fail");
        }

        @Test
        void wrongInputIsAMessageForEachFault() {
            assertThat(fail(new WrongInput(List.of("one", "two")))).isEqualTo(ExitCode.WRONG_INPUT);

            assertThat(err().lines()).containsExactly("error: one", "error: two");
        }

        @Test
        void unwritableResultsAreAMessage() {
            assertThat(fail(new UnwritableResults("Squares: results cannot be written", new IOException("full"))))
                    .isEqualTo(ExitCode.IO_ERROR);

            assertThat(err().lines()).containsExactly("error: Squares: results cannot be written");
        }

        @Test
        void anInputOutputErrorNamesTheFileOfItsStackTrace() throws IOException {
            reported(new IOException("Input/output error"), ExitCode.IO_ERROR, "Input/output error. Stack trace: ");
        }

        @Test
        void aBugNamesTheFileOfItsStackTrace() throws IOException {
            reported(
                    new IllegalStateException("planning failed"),
                    ExitCode.INTERNAL_ERROR,
                    "planning failed. This is a bug in Rowmill. Stack trace: ");
        }

        private void reported(Exception e, int exitCode, String message) throws IOException {
            System.setProperty("rowmill.project", project.toString());
            try {
                assertThat(fail(e)).isEqualTo(exitCode);
            } finally {
                System.clearProperty("rowmill.project");
            }
            String error = "error: " + e.getClass().getName() + ": " + message;
            assertThat(err()).startsWith(error).doesNotContain("\tat ");
            Path log = Path.of(err().substring(error.length()).strip());
            assertThat(log).startsWith(project);
            assertThat(Files.readString(log)).contains("\tat ");
        }
    }

    @Nested
    class Failures {

        @Test
        void stopTheRunAboveACountOrAPercentage() {
            assertThat(MaxFailures.parse("3").isExceeded(3, 100)).isFalse();
            assertThat(MaxFailures.parse("3").isExceeded(4, 100)).isTrue();
            assertThat(MaxFailures.parse("5%").isExceeded(5, 100)).isFalse();
            assertThat(MaxFailures.parse("5%").isExceeded(6, 100)).isTrue();
            assertThat(MaxFailures.parse("5%").isExceeded(1, 1))
                    .as("too few finished rows")
                    .isFalse();
            assertThat(MaxFailures.NONE.isExceeded(Long.MAX_VALUE, Long.MAX_VALUE))
                    .isFalse();
            assertThat(MaxFailures.parse("5%")).hasToString("5%");
            assertThat(MaxFailures.parse("0.5%")).hasToString("0.5%");
            assertThatThrownBy(() -> MaxFailures.parse("101%")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> MaxFailures.parse("-1")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
