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

/** The command {@code java -jar consumer.jar}. The head starts it to compute rows. */
@Command(
        name = "consumer.jar",
        mixinStandardHelpOptions = true,
        versionProvider = Consumer.Version.class,
        description = "Computes rows for a run. producer.jar starts it and controls it on standard input.")
public final class Consumer implements Callable<Integer> {

    /** Bytes of heap that a row needs. */
    private static final String MEMORY_PER_SLOT = "rowmill.memoryPerSlot";

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "serve /metrics on this port of 127.0.0.1 (0: any free port)")
    private @Nullable Integer httpPort;

    @Option(names = "--echo", hidden = true, description = "measure the round trip to an echo server, HOST:PORT")
    private @Nullable String echo;

    @Option(names = "--reach", hidden = true, description = "check that HOST:PORT accepts a connection")
    private @Nullable String reach;

    /** For picocli. */
    Consumer() {}

    /**
     * Runs until standard input ends.
     *
     * @param arguments the command line; usually empty
     */
    public static void main(String[] arguments) {
        int exitCode = ConsumerExit.INTERNAL.code();
        try {
            RuntimeSettings.apply();
            // Without arguments no parser is needed. Its start would delay the first row.
            exitCode =
                    arguments.length == 0 ? new Consumer().call() : new CommandLine(new Consumer()).execute(arguments);
        } catch (Throwable e) { // other threads would keep the JVM alive
            e.printStackTrace(System.out);
            System.out.println("consumer ends: this is a bug in Rowmill: " + e);
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
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
            return ConsumerExit.WRONG_INPUT.code();
        }
        Signals.ignore("INT"); // Ctrl-C in a terminal is for the head, which then drains the consumer
        RowOutput output = new RowOutput(new FileOutputStream(FileDescriptor.out));
        System.setIn(InputStream.nullInputStream());
        System.setOut(output.printStream());
        System.setErr(output.printStream());
        try {
            new ConsumerProcess(resolved(settings), output, Consumer::halt).run(input);
            Thread.currentThread().join(); // until another thread halts the process
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ConsumerExit.INTERNAL.code();
    }

    private int check() {
        try {
            if (reach != null) {
                EchoCheck.reach(reach);
            }
            if (echo != null) {
                System.out.println(EchoCheck.roundTripNanos(echo));
            }
            return ConsumerExit.DONE.code();
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return ConsumerExit.BROKER_LOST.code();
        }
    }

    private static void halt(int exitCode) {
        boolean isHeadGone = exitCode == ConsumerExit.HEAD_GONE.code();
        Runtime.getRuntime().halt(isHeadGone ? ConsumerExit.DONE.code() : exitCode);
    }

    /** Sets the number of slots, by the CPUs and by the memory that each row needs. */
    private ConsumerSettings resolved(ConsumerSettings settings) {
        ConsumerSettings resolved = settings.withSlots(Runtime.getRuntime().availableProcessors());
        Long memory = Long.getLong(MEMORY_PER_SLOT);
        if (memory != null
                && resolved.slots().count() * memory > Runtime.getRuntime().maxMemory()) {
            int slots = (int) Math.max(1, Runtime.getRuntime().maxMemory() / memory);
            System.out.println(slots + " rows at once instead of "
                    + resolved.slots().count() + ": the heap has "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB, and a row needs " + (memory >> 20) + " MiB");
            resolved = resolved.limitedTo(slots);
        }
        return httpPort == null ? resolved : resolved.withHttpPort(httpPort);
    }

    /** Prints the versions for {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Rowmill " + Versions.rowmill(), "Artemis " + Versions.artemis(), "Java " + Runtime.version()
            };
        }
    }
}
