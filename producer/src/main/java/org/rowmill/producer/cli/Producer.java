package org.rowmill.producer.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.Interrupts;
import org.rowmill.producer.console.UnwritableResults;
import org.rowmill.producer.rundir.RunId;
import org.rowmill.schemas.RuntimeSettings;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.Versions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The head's command line: {@code java -jar producer.jar}. */
@Command(
        name = "java -jar producer.jar",
        description = "Computes large tables on one computer or on fifty, with nothing but SSH between them.",
        footer = {
            "",
            "A first table:  java -jar producer.jar init montecarlo-pi",
            "                java -jar producer.jar run montecarlo-pi"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Producer.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            InitCommand.class,
            ShowCommand.class,
            CheckCommand.class,
            NodesCommand.class,
            StatusCommand.class,
            ExplainCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Producer implements Runnable {

    private final PrintStream out;
    private final PrintStream err;
    private final Settings settings;
    private final Interrupts interrupts;

    @Spec
    private CommandSpec spec;

    Producer(PrintStream out, PrintStream err, Map<String, String> environment) {
        this(out, err, environment, new Interrupts());
    }

    private Producer(PrintStream out, PrintStream err, Map<String, String> environment, Interrupts interrupts) {
        this.out = out;
        this.err = err;
        this.interrupts = interrupts;
        this.settings = new Settings(environment);
    }

    /**
     * Runs a command and ends the JVM with its {@link ExitCode}.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        RuntimeSettings.apply();
        Interrupts interrupts = new Interrupts();
        if (Boolean.getBoolean(Launch.LAUNCHED)) {
            Launch.listen(interrupts);
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int exitCode = new Producer(out, err, System.getenv(), interrupts).execute(arguments);
        out.flush();
        System.exit(exitCode);
    }

    /** Runs a command in this JVM. */
    int execute(String... arguments) {
        CommandLine commands = commands();
        try {
            return commands.execute(Aliases.resolve(arguments));
        } catch (LinkageError | VirtualMachineError e) { // picocli handles exceptions only
            return fail(e, commands);
        }
    }

    /** The commands, and what becomes of their exceptions. */
    CommandLine commands() {
        CommandLine commands = new CommandLine(this);
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commands.getSubcommands().get("run").setDefaultValueProvider(settings);
        commands.getSubcommands().get("nodes").setDefaultValueProvider(settings);
        commands.getSubcommands().get("show").setDefaultValueProvider(settings.only("--output"));
        commands.getSubcommands().get("check").setDefaultValueProvider(settings.only("--output"));
        commands.setParameterExceptionHandler(this::refuse);
        commands.setExecutionExceptionHandler((e, command, parsed) -> fail(e, command));
        return commands;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    Settings settings() {
        return settings;
    }

    Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private int refuse(ParameterException e, String[] arguments) {
        if (e.getCause() instanceof WrongInput wrong) {
            printFaults(wrong);
            return ExitCode.WRONG_INPUT;
        }
        String origin = settings.origin(e.getArgSpec()).map(from -> from + ": ").orElse("");
        err.println("error: " + origin + e.getMessage() + hint(e));
        err.println("Help: java -jar producer.jar help"
                + (e.getCommandLine().getParent() == null
                        ? ""
                        : " " + e.getCommandLine().getCommandName()));
        return ExitCode.WRONG_INPUT;
    }

    private static String hint(ParameterException e) {
        String word = "";
        if (e instanceof UnmatchedArgumentException unmatched) {
            word = unmatched.getUnmatched().get(0).replaceAll("=.*", "");
        } else if (e.getArgSpec() == null && e.getValue() != null) { // what `help` was asked about
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
        e.faults().forEach(fault -> err.println("error: " + fault));
    }

    private int fail(Throwable e, CommandLine command) {
        boolean isVerbose = command.getCommand() instanceof RunCommand run && run.verbosity() >= 2;
        if (isVerbose) {
            e.printStackTrace(err);
        }
        int exitCode = ExitCode.of(e);
        if (e instanceof WrongInput wrong) {
            printFaults(wrong);
        } else if (e instanceof UnwritableResults) {
            err.println("error: " + e.getMessage());
        } else {
            err.println("error: " + e + (exitCode == ExitCode.INTERNAL_ERROR ? ". This is a bug in Rowmill" : "")
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
            Files.writeString(file, stack.toString());
            return file.toString();
        } catch (IOException unwritable) {
            return System.lineSeparator() + stack;
        }
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "Rowmill " + Versions.rowmill(),
                "Artemis " + Versions.artemis(),
                "JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
            };
        }
    }
}
