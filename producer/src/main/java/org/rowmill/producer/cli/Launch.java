package org.rowmill.producer.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.console.ExitCode;

/**
 * What {@code java -jar producer.jar} starts. A {@code run} gets a JVM of its own with options that a jar cannot carry: the
 * archive of loaded classes (see {@link ClassArchive}) and a heap that grows no faster than it must. This one then only
 * passes signals on and hands back the exit code. System properties go to that JVM too; whoever gives {@code java} other
 * options gets them: no second JVM then.
 *
 * <p>It waits for nothing but class loading, so it uses few classes: no lambdas, no streams, no libraries.
 */
public final class Launch {

    /** They open a port, which only one JVM can. */
    private static final String MANAGEMENT = "-Dcom.sun.management";

    private Launch() {}

    /**
     * Runs the command line and ends the JVM with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) throws InterruptedException {
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
     * Whether this JVM was started by {@code java -jar}, with system properties and nothing more, as far as the system tells.
     *
     * @param properties gets them
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
            System.err.println("error: Java cannot be started a second time (" + e + "). Command: " + command);
            return ExitCode.IO_ERROR;
        }
    }

    private static int run(List<String> command, Path jar, String[] arguments)
            throws IOException, InterruptedException {
        ClassArchive archive = ClassArchive.of("head", jar);
        command.addAll(archive.options());
        command.add("-jar"); // its manifest lets libraries load native code
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
            archive.keepIfWanted();
        }
    }

    private static List<String> command(Path java, List<String> properties) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        // Measured on 2 cores: C2 takes more time from the consumers than its code gives back; the serial collector
        // keeps the heap at what is needed, where G1 takes what it can get.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xms64m"); // it grows; by default it would begin with a 64th of the memory
        command.add("-XX:-UsePerfData");
        command.addAll(properties);
        command.add("-D" + SignalForwarding.LAUNCHED + "=true");
        return command;
    }
}
