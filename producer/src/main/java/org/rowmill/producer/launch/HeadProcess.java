package org.rowmill.producer.launch;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.schemas.LateOptimization;
import org.rowmill.schemas.world.World;

/**
 * The second JVM, which does the work. The first one then only forwards signals and returns the exit code.
 *
 * <p>Most of the start-up time of the first JVM is class loading, so it uses few classes: no lambdas, no streams, no libraries.
 */
public final class HeadProcess {

    /** These options open a port or write a file, which two JVMs cannot share. */
    private static final List<String> NOT_SHAREABLE = List.of(
            "-agentlib:",
            "-agentpath:",
            "-javaagent:",
            "-Dcom.sun.management",
            "-Xdebug",
            "-Xrun",
            "-XX:StartFlightRecording",
            "-XX:+FlightRecorder",
            "-XX:ArchiveClassesAtExit",
            "-Xshare:dump");

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final String TEMPORARY = "-Djava.io.tmpdir=";

    private final CommandWords words;
    private final RunArguments arguments;
    private final Optional<Path> project;
    private final Map<String, String> variables;
    private final Optional<ClassArchive> archive;

    private HeadProcess(CommandWords words) {
        this.words = words;
        boolean isRun = isRun(words.arguments());
        this.arguments = isRun
                ? RunArguments.of(words.arguments().subList(1, words.arguments().size()))
                : new RunArguments(Optional.empty(), List.of());
        this.project = arguments.project().isPresent()
                ? HeadEnvironment.directory(arguments.project().get())
                : Optional.empty();
        this.variables = HeadEnvironment.of(asked(), file(), System.getenv());
        this.archive = isRun && hasOnlyProperties() ? archive() : Optional.empty();
    }

    private List<String> asked() {
        List<String> asked = new ArrayList<>();
        for (String variable : arguments.variables()) {
            asked.add(words.decoded(variable));
        }
        return asked;
    }

    private String file() {
        if (words.areBytes()) {
            return arguments.project().isPresent()
                    ? Utf8Start.propertiesOf(arguments.project().get())
                    : "";
        }
        return project.isPresent() ? HeadEnvironment.file(project.get()) : "";
    }

    /**
     * Prepares a second JVM if this command needs one. {@code run} needs it for its working directory and for options
     * that a jar cannot set; every command needs it in a locale that cannot represent all names.
     *
     * @param given the arguments of {@code main}
     * @return the process; empty if this JVM does the work
     */
    public static Optional<HeadProcess> of(String[] given) {
        boolean isNeeded = isRun(Arrays.asList(given)) || !World.hasAllFileNames();
        if (System.getProperty(SignalForwarding.LAUNCHED) != null || !isNeeded) {
            return Optional.empty();
        }
        Optional<CommandWords> words = CommandWords.ofThisJvm(given);
        return words.isPresent() && isShareable(words.get()) && Files.isExecutable(JAVA)
                ? Optional.of(new HeadProcess(words.get()))
                : Optional.empty();
    }

    private static boolean isRun(List<String> arguments) {
        return !arguments.isEmpty() && arguments.get(0).equals("run");
    }

    private static boolean isShareable(CommandWords words) {
        for (String option : words.jvmOptions()) {
            for (String beginning : NOT_SHAREABLE) {
                if (option.startsWith(beginning)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Without other options of the user, the head has options that suit it. */
    private boolean hasOnlyProperties() {
        for (String option : words.jvmOptions()) {
            if (!option.startsWith("-D")) {
                return false;
            }
        }
        return true;
    }

    private Optional<ClassArchive> archive() {
        try {
            return Optional.of(ClassArchive.of("head", Path.of(words.jar()).toAbsolutePath()));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // slower
        }
    }

    /** Starts the second JVM, and returns its exit code. */
    public int run() throws InterruptedException {
        List<String> command = command();
        try {
            Process head = builder(command)
                    .redirectOutput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT)
                    .start();
            SignalForwarding.forwardTo(head.getOutputStream());
            return head.waitFor();
        } catch (IOException e) {
            System.err.println("error: cannot start the JVM that runs Rowmill (" + e + "). Command: " + command.get(0));
            return ExitCode.IO_ERROR;
        } finally {
            if (archive.isPresent()) {
                archive.get().keepIfComplete();
            }
        }
    }

    private ProcessBuilder builder(List<String> command) {
        if (words.areBytes()) {
            return Utf8Start.of(command, arguments.project().orElse(""), variables);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(variables);
        if (project.isPresent()) {
            builder.directory(project.get().toFile());
        }
        return builder;
    }

    /** The second JVM starts in another directory. */
    private static String absolute(String option) {
        boolean isRelative = option.startsWith(TEMPORARY) && !option.startsWith(TEMPORARY + "/");
        return isRelative
                ? TEMPORARY + System.getProperty("user.dir") + "/" + option.substring(TEMPORARY.length())
                : option;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        if (hasOnlyProperties()) {
            command.addAll(LateOptimization.options());
            command.add("-XX:+UseSerialGC"); // keeps the heap smaller than G1 does
            command.add("-Xms64m"); // the heap starts small; the default is a 64th of the memory
            command.add("-XX:-UsePerfData");
        }
        for (String option : words.jvmOptions()) {
            command.add(absolute(option));
        }
        command.add("-Dfile.encoding=" + StandardCharsets.UTF_8);
        command.add("-D" + SignalForwarding.LAUNCHED + "=true");
        if (archive.isPresent()) {
            command.addAll(archive.get().options());
        }
        if (!words.areBytes()) {
            command.add("-D" + Launched.CALLER + "=" + System.getProperty("user.dir"));
        }
        command.add("-jar"); // the manifest of the jar allows libraries to load native code
        command.add(
                words.areBytes()
                        ? words.jar()
                        : Path.of(words.jar()).toAbsolutePath().toString());
        command.addAll(words.arguments());
        return command;
    }
}
