package org.rowmill.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The second JVM of {@link BareLoop}, which runs {@link BareConsumer}. Used by one thread. */
final class ConsumerProcess implements AutoCloseable {

    private static final long START_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long LOOK_MILLIS = 10;
    private static final long END_SECONDS = 10;

    private final Process process;

    private ConsumerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts the JVM with the options of this one that begin with {@code -X}. What it prints to standard error appears
     * on that of this JVM.
     *
     * @param port port of the broker on 127.0.0.1
     * @param slots number of slots
     */
    static ConsumerProcess start(int port, int slots) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-X"))
                .forEach(command::add);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(BareConsumer.class.getName());
        command.add(Integer.toString(port));
        command.add(Integer.toString(slots));
        // Standard output is for the one line of the head; the JVM itself writes warnings there.
        return new ConsumerProcess(new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until the broker has a session of each slot.
     *
     * @throws IllegalStateException if the process ends, or the slots are not there within a minute
     */
    void awaitSlots(BareBroker broker, int slots) throws InterruptedException {
        long start = System.nanoTime();
        while (broker.slots() < slots) {
            if (!isAlive() || System.nanoTime() - start > START_NANOS) {
                throw new IllegalStateException(broker.slots() + " of " + slots
                        + " slots of the consumer are ready; it " + (isAlive() ? "starts for too long" : "has ended"));
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Returns the CPU time since the start of the process. */
    Duration cpu() {
        return Cpu.of(process.toHandle());
    }

    /** Closes the standard input, waits for the end, and kills the process if it does not end. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
