package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.rowmill.producer.cli.settings.PathConverter;
import org.rowmill.producer.cli.settings.ProjectPath;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.Interrupts;
import org.rowmill.producer.console.ResultOutput;
import org.rowmill.producer.console.StandardDescriptors;
import org.rowmill.producer.console.UnwritableResults;
import org.rowmill.producer.launch.SignalForwarding;
import org.rowmill.producer.rundir.RunId;
import org.rowmill.schemas.RuntimeSettings;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of the head: {@code java -jar producer.jar}. */
@Command(
        name = "java -jar producer.jar",
        description = "Computes large tables on one computer or on fifty. The computers need only SSH.",
        footer = {
            "",
            "A first table:  java -jar producer.jar init montecarlo-pi",
            "                java -jar producer.jar run montecarlo-pi"
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Producer implements Runnable {

    private static final Duration LONGEST_EXIT = Duration.ofMinutes(1);

    private final Invocation invocation;
    private final ResultOutput results;
    private final PathConverter paths;

    @Spec
    private CommandSpec spec;

    Producer(OutputStream out, PrintStream err, Map<String, String> environment) {
        this(new ResultOutput(out), err, environment, new Interrupts());
    }

    private Producer(ResultOutput results, PrintStream err, Map<String, String> environment, Interrupts interrupts) {
        this.results = results;
        this.invocation = new Invocation(results.printStream(), err, new Settings(environment), interrupts);
        this.paths = new PathConverter(environment);
    }

    /**
     * Runs a command and ends the JVM with its {@link ExitCode}.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        int exitCode = ExitCode.INTERNAL_ERROR;
        try {
            StandardDescriptors.occupyClosed();
            exitCode = runHere(arguments);
        } catch (Throwable e) {
            System.err.println("error: " + e + ". This is a bug in Rowmill");
        } finally {
            exit(exitCode);
        }
    }

    /**
     * Ends the JVM, whatever state it is in. Other threads do not keep it alive, nor do actions at its end that never
     * return, which code of the user can have added.
     */
    @SuppressWarnings("Finally") // no error of the end itself may leave the JVM running
    private static void exit(int exitCode) {
        try {
            Threads.startDaemon("rowmill-exit", () -> {
                LockSupport.parkNanos(LONGEST_EXIT.toNanos());
                Runtime.getRuntime().halt(exitCode);
            });
            System.exit(exitCode);
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    private static int runHere(String[] arguments) {
        RuntimeSettings.apply();
        Interrupts interrupts = new Interrupts();
        if (Boolean.getBoolean(SignalForwarding.LAUNCHED)) {
            SignalForwarding.listen(interrupts);
        }
        Producer producer =
                new Producer(ResultOutput.standard(), StandardDescriptors.error(), System.getenv(), interrupts);
        System.setOut(producer.invocation.out()); // what report() prints there is checked, too
        return producer.execute(arguments);
    }

    /** Runs a command in this JVM. */
    int execute(String... arguments) {
        CommandLine commands = commands();
        int exitCode;
        try {
            exitCode = commands.execute(Aliases.resolve(arguments));
        } catch (Throwable e) { // picocli handles exceptions only
            exitCode = fail(e, commands);
        }
        return exitCode(exitCode);
    }

    /** Reports lost results. A command that failed before keeps its exit code. */
    private int exitCode(int ofCommand) {
        invocation.out().flush();
        Optional<IOException> lost = results.lost();
        lost.ifPresent(e -> invocation
                .err()
                .println("error: standard output: the results cannot be written: " + e.getMessage()
                        + ". What was printed is incomplete; tables are not affected. Free disk space, or redirect the"
                        + " results to another place, then run the command again"));
        boolean isDone = ofCommand == ExitCode.DONE || ofCommand == ExitCode.SOME_FAILED;
        return lost.isPresent() && isDone ? ExitCode.IO_ERROR : ofCommand;
    }

    /** Returns the commands, with the handlers of their exceptions. */
    CommandLine commands() {
        CommandLine commands = new CommandLine(this)
                .addSubcommand(new RunCommand(invocation))
                .addSubcommand(new InitCommand(invocation))
                .addSubcommand(new ShowCommand(invocation))
                .addSubcommand(new CheckCommand(invocation))
                .addSubcommand(new NodesCommand(invocation))
                .addSubcommand(new StatusCommand(invocation))
                .addSubcommand(new ExplainCommand(invocation))
                .addSubcommand(new CommandLine.HelpCommand())
                .registerConverter(Path.class, paths)
                .registerConverter(ProjectPath.class, paths::ofProject);
        commands.setExpandAtFiles(false); // the launcher reads the same arguments, and "@" may begin an index
        commands.setOut(new PrintWriter(invocation.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(invocation.err(), true, StandardCharsets.UTF_8));
        setDefaults(commands.getSubcommands());
        command(commands.getSubcommands(), "explain").setUnmatchedOptionsArePositionalParams(true); // row -5
        commands.setParameterExceptionHandler(this::reject);
        commands.setExecutionExceptionHandler((e, command, parsed) -> fail(e, command));
        return commands;
    }

    private void setDefaults(Map<String, CommandLine> commands) {
        Settings settings = invocation.settings();
        List.of("run", "nodes").forEach(name -> command(commands, name).setDefaultValueProvider(settings));
        List.of("show", "check", "explain")
                .forEach(name -> command(commands, name).setDefaultValueProvider(settings.only("--output")));
    }

    private static CommandLine command(Map<String, CommandLine> commands, String name) {
        return Objects.requireNonNull(commands.get(name), name);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private int reject(ParameterException e, String[] arguments) {
        if (e.getCause() instanceof WrongInput wrong) {
            printFaults(wrong);
            return ExitCode.WRONG_INPUT;
        }
        String origin = invocation
                .settings()
                .origin(e.getArgSpec())
                .map(from -> from + ": ")
                .orElse("");
        invocation.err().println("error: " + origin + e.getMessage() + hint(e));
        invocation
                .err()
                .println("Help: java -jar producer.jar help"
                        + (e.getCommandLine().getParent() == null
                                ? ""
                                : " " + e.getCommandLine().getCommandName()));
        return ExitCode.WRONG_INPUT;
    }

    private static String hint(ParameterException e) {
        String word = "";
        if (e instanceof UnmatchedArgumentException unmatched) {
            word = unmatched.getUnmatched().get(0).replaceAll("=.*", "");
        } else if (e.getArgSpec() == null && e.getValue() != null) { // an unknown command after help
            word = e.getValue();
        }
        return word.isEmpty() ? "" : SpellingSuggestion.hint(word, known(e.getCommandLine()));
    }

    private static List<String> known(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        List<String> words = new ArrayList<>(spec.subcommands().keySet());
        spec.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> words.addAll(List.of(option.names())));
        return words;
    }

    private void printFaults(WrongInput e) {
        e.faults().forEach(fault -> invocation.err().println("error: " + fault));
    }

    private int fail(Throwable e, CommandLine command) {
        boolean isVerbose = command.getCommand() instanceof RunCommand run && run.verbosity() >= 2;
        if (isVerbose) {
            e.printStackTrace(invocation.err());
        }
        int exitCode = ExitCode.of(e);
        if (e instanceof WrongInput wrong) {
            printFaults(wrong);
        } else if (e instanceof UnwritableResults) {
            invocation.err().println("error: " + e.getMessage());
        } else {
            invocation
                    .err()
                    .println("error: " + e + (exitCode == ExitCode.INTERNAL_ERROR ? ". This is a bug in Rowmill" : "")
                            + (isVerbose ? "" : ". Stack trace: " + report(e)));
        }
        return exitCode;
    }

    /** Writes the stack trace to the directory of the logs and returns the file, or the stack trace if that fails. */
    private static String report(Throwable e) {
        StringWriter stack = new StringWriter();
        e.printStackTrace(new PrintWriter(stack));
        try {
            Path file = Path.of(System.getProperty("rowmill.project", System.getProperty("java.io.tmpdir")))
                    .resolve(".rowmill/logs/error-" + RunId.next(Clock.systemUTC(), ThreadLocalRandom.current())
                            + ".log");
            Files.createDirectories(file.getParent());
            Files.write(file, stack.toString().getBytes(StandardCharsets.UTF_8));
            return file.toString();
        } catch (IOException | RuntimeException unwritable) {
            return System.lineSeparator() + stack;
        }
    }
}
