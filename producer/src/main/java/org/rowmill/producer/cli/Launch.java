package org.rowmill.producer.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StandardDescriptors;

/**
 * The main class of producer.jar. It starts a second JVM for {@code run}, with options that a jar cannot set: the
 * archive of loaded classes (see {@link ClassArchive}) and a small heap that grows slowly. The first JVM then only
 * forwards signals and returns the exit code of the second one. The second JVM gets the system properties of the first
 * one. If the user sets other options of {@code java}, the run stays in the first JVM.
 *
 * <p>Most of the start-up time is class loading, so this class uses few classes: no lambdas, no streams, no libraries.
 */
public final class Launch {

    /** These properties open a port, which two JVMs cannot share. */
    private static final String MANAGEMENT = "-Dcom.sun.management";

    private Launch() {}

    /**
     * Runs the command line and ends the JVM with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) throws InterruptedException {
        StandardDescriptors.occupyClosed();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
        List<String> properties = new ArrayList<>();
        if (arguments.length > 0
                && arguments[0].equals("run")
                && hasOnlyProperties(properties)
                && Files.isExecutable(java)) {
            System.exit(exitCode(command(java, properties), jar, arguments));
        } else {
            Producer.main(arguments);
        }
    }

    /**
     * Returns whether this JVM was started by {@code java -jar} with system properties and no other options. The answer
     * is no if the operating system does not report the arguments.
     *
     * @param properties the system properties are added to this list
     */
    private static boolean hasOnlyProperties(List<String> properties) {
        String[] given = ProcessHandle.current().info().arguments().orElse(new String[0]);
        for (String word : given) {
            if (word.equals("-jar")) {
                return true;
            }
            if (!word.startsWith("-D") || word.startsWith(MANAGEMENT)) {
                return false;
            }
            properties.add(word);
        }
        return false;
    }

    private static int exitCode(List<String> command, Path jar, String[] arguments) throws InterruptedException {
        try {
            return run(command, jar, arguments);
        } catch (IOException e) {
            System.err.println("error: cannot start the JVM that runs Rowmill (" + e + "). Command: " + command);
            return ExitCode.IO_ERROR;
        }
    }

    private static int run(List<String> command, Path jar, String[] arguments)
            throws IOException, InterruptedException {
        ClassArchive archive = ClassArchive.of("head", jar);
        command.addAll(archive.options());
        command.add("-jar"); // the manifest of the jar allows libraries to load native code
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        Process head = new ProcessBuilder(command)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT)
                .start();
        SignalForwarding.forwardTo(head.getOutputStream());
        try {
            return head.waitFor();
        } finally {
            archive.keepIfComplete();
        }
    }

    private static List<String> command(Path java, List<String> properties) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        // Measured on 2 cores: compiling with C2 takes more time from the consumers than it saves, and the serial
        // collector keeps the heap smaller than G1 does.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xms64m"); // the heap starts small; the default is a 64th of the memory
        command.add("-XX:-UsePerfData");
        command.addAll(properties);
        command.add("-D" + SignalForwarding.LAUNCHED + "=true");
        return command;
    }
}
