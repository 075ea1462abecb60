package org.rowmill.consumer.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rowmill.consumer.work.RowOutput;
import org.rowmill.schemas.RuntimeSettings;
import org.rowmill.schemas.Signals;
import org.rowmill.schemas.Versions;
import org.rowmill.schemas.protocol.ConsumerExit;
import org.rowmill.schemas.protocol.ConsumerSettings;
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

    /** Bytes of heap that a row needs. */
    private static final String MEMORY_PER_SLOT = "rowmill.memoryPerSlot";

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "serve /metrics on this port of 127.0.0.1 (0: any free one)")
    private @Nullable Integer httpPort;

    @Option(names = "--echo", hidden = true, description = "measure the round trip to an echo server, HOST:PORT")
    private @Nullable String echo;

    @Option(names = "--reach", hidden = true, description = "connect to HOST:PORT, and no more")
    private @Nullable String reach;

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
        if (echo != null || reach != null) {
            return check();
        }
        InputStream input = System.in;
        ConsumerSettings settings;
        try {
            settings = ConsumerSettings.readFrom(input);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return ConsumerExit.WRONG_INPUT;
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
        return ConsumerExit.INTERNAL;
    }

    private int check() {
        try {
            if (reach != null) {
                EchoCheck.reach(reach);
            }
            if (echo != null) {
                System.out.println(EchoCheck.roundTripNanos(echo));
            }
            return ConsumerExit.DONE;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return ConsumerExit.BROKER_LOST;
        }
    }

    /** A JVM that makes a class archive writes it on its way out, for a second or more, unless it is killed. */
    private static void halt(int exitCode) {
        if (exitCode == ConsumerExit.HEAD_GONE && System.getProperty("rowmill.archive") != null) {
            Signals.killSelf(ConsumerExit.DONE);
        }
        Runtime.getRuntime().halt(exitCode == ConsumerExit.HEAD_GONE ? ConsumerExit.DONE : exitCode);
    }

    private ConsumerSettings resolved(ConsumerSettings settings) {
        ConsumerSettings known = settings.withSlots(Runtime.getRuntime().availableProcessors());
        Long needed = Long.getLong(MEMORY_PER_SLOT);
        if (needed != null && known.slots().count() * needed > Runtime.getRuntime().maxMemory()) {
            int fit = (int) Math.max(1, Runtime.getRuntime().maxMemory() / needed);
            System.out.println(fit + " rows at once instead of " + known.slots().count() + ": the heap has "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB, and each needs " + (needed >> 20));
            known = known.limitedTo(fit);
        }
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
