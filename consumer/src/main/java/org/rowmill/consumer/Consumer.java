package org.rowmill.consumer;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.ConsumerSettings;
import org.rowmill.schemas.RuntimeSettings;
import org.rowmill.schemas.Signals;
import org.rowmill.schemas.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command {@code java -jar consumer.jar}: computes rows for a head, which starts it. */
@Command(
        name = "consumer.jar",
        mixinStandardHelpOptions = true,
        versionProvider = Consumer.Version.class,
        description = "Computes rows for a run. producer.jar starts it and tells it on standard input what to do.")
public final class Consumer implements Callable<Integer> {

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "serve /metrics on this port of 127.0.0.1 (0: any free one)")
    private @Nullable Integer httpPort;

    @Option(names = "--echo-port", hidden = true, description = "measure the round trip to this port of 127.0.0.1")
    private @Nullable Integer echoPort;

    /** For picocli. */
    Consumer() {}

    /**
     * Runs until standard input ends.
     *
     * @param arguments of the command line; none as a rule
     */
    public static void main(String[] arguments) {
        RuntimeSettings.apply();
        // The usual case needs no command line parser, whose start a first row would wait for.
        int exitCode =
                arguments.length == 0 ? new Consumer().call() : new CommandLine(new Consumer()).execute(arguments);
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public Integer call() {
        if (echoPort != null) {
            return echo(echoPort);
        }
        InputStream input = System.in;
        ConsumerSettings settings;
        try {
            settings = ConsumerSettings.readFrom(input);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return ConsumerProcess.WRONG_INPUT;
        }
        Signals.ignore("INT"); // Ctrl-C on a terminal is for the head, which drains
        RowOutput output = new RowOutput(new FileOutputStream(FileDescriptor.out));
        System.setIn(InputStream.nullInputStream());
        System.setOut(output.printStream());
        System.setErr(output.printStream());
        try {
            new ConsumerProcess(resolved(settings), output, Consumer::halt).run(input);
            Thread.currentThread().join(); // the process is halted, from whichever thread ends it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ConsumerProcess.INTERNAL;
    }

    private static int echo(int port) {
        try {
            System.out.println(EchoCheck.roundTripNanos(port));
            return ConsumerProcess.DONE;
        } catch (IOException e) {
            System.err.println("127.0.0.1:" + port + ": " + e);
            return ConsumerProcess.BROKER_LOST;
        }
    }

    /** A JVM that makes a class archive writes it on its way out, for a second or more, unless it is killed. */
    private static void halt(int exitCode) {
        if (exitCode == ConsumerProcess.HEAD_GONE && System.getProperty("rowmill.archive") != null) {
            Signals.killSelf(ConsumerProcess.DONE);
        }
        Runtime.getRuntime().halt(exitCode == ConsumerProcess.HEAD_GONE ? ConsumerProcess.DONE : exitCode);
    }

    private ConsumerSettings resolved(ConsumerSettings settings) {
        ConsumerSettings known = settings.withSlots(Runtime.getRuntime().availableProcessors());
        return httpPort == null ? known : known.withHttpPort(httpPort);
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Rowmill " + Versions.rowmill(), "Artemis " + Versions.artemis(), "Java " + Runtime.version()
            };
        }
    }
}
