package org.rowmill.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.ConsumerSettings;

/**
 * The consumer of this computer: a child process, so that a column that ends or crashes the JVM does not take the head
 * along. One that dies is replaced. A thread of its own waits for its end.
 */
final class LocalConsumer implements AutoCloseable {

    private static final int FRUITLESS_STARTS = 5;

    /** Somebody may kill consumers faster than they start; that is no fault of the project's, up to a point. */
    private static final int FRUITLESS_KILLS = 60;

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration GUARD = Duration.ofMillis(500);
    private static final Duration GUARD_POLL = Duration.ofMillis(5);
    private static final Duration ARCHIVING = Duration.ofSeconds(20);
    private static final int UNSAFE_WARNINGS_SINCE = 23;

    private final Path jar;
    private final ClassArchive archive;
    private final ConsumerSettings settings;
    private final Parts parts;
    private final Console console;
    private final RunLog log;
    private final Thread watcher = new Thread(this::watch, "rowmill-consumer-watch");
    private volatile @Nullable Process process;
    private volatile boolean closing;
    private int fruitless;
    private long doneBefore;

    /**
     * What it works with.
     *
     * @param casualties is told of rows in the hands of a consumer that died
     * @param ledger the ledger of the table being computed
     * @param stop requested when no consumer can be kept alive
     * @param logs directory of the run's logs
     */
    record Parts(Casualties casualties, Supplier<Optional<Ledger>> ledger, Stop stop, Path logs) {}

    LocalConsumer(Path jar, ConsumerSettings settings, Parts parts, Console console) throws IOException {
        this.jar = jar;
        this.archive = ClassArchive.of("consumer", jar);
        this.settings = settings;
        this.parts = parts;
        this.console = console;
        this.log = new RunLog(parts.logs().resolve("consumer.log"), console);
        watcher.setDaemon(true);
    }

    /** Starts the process; what becomes of it is watched from then on. */
    void start() throws IOException {
        launch();
        watcher.start();
    }

    /** Ends the process at once, results in it or not. */
    void kill() {
        closing = true;
        Process running = process;
        if (running != null) {
            List<ProcessHandle> programs = running.descendants().toList();
            running.destroyForcibly();
            awaitEnd(programs);
            programs.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** The consumer's guard ends the rows' programs, then removes their files: killed with them, it would leave these. */
    private static void awaitEnd(List<ProcessHandle> programs) {
        long end = System.nanoTime() + GUARD.toNanos();
        while (programs.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
            LockSupport.parkNanos(GUARD_POLL.toNanos());
        }
    }

    private void launch() throws IOException {
        InHand.prepare(settings.inHand(), settings.slots());
        Process started = new ProcessBuilder(command())
                .directory(settings.project().toFile())
                .redirectErrorStream(true)
                .start();
        process = started;
        log.copy(started.getInputStream());
        console.verbose("consumer started on this computer: pid " + started.pid() + ", " + settings.slots()
                + " slots, log " + log.file());
        try {
            settings.writeTo(started.getOutputStream());
        } catch (IOException e) {
            console.verbose("the consumer ended before it read its settings: " + e.getMessage()); // watch() tells why
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions(Runtime.version().feature()));
        command.add("-XX:ErrorFile=" + parts.logs().resolve("hs_err_%p.log"));
        command.addAll(archive.options());
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }

    /** For any consumer's JVM, of that version. */
    static List<String> javaOptions(int version) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+ExitOnOutOfMemoryError", "-XX:+UseParallelGC", "-XX:-UsePerfData", "-Dfile.encoding=UTF-8"));
        if (version >= UNSAFE_WARNINGS_SINCE) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }

    private void watch() {
        try {
            while (!closing) {
                Process running = process;
                int exitCode = running == null ? 0 : running.waitFor();
                if (!closing) {
                    replace(exitCode);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            parts.stop().request("the consumer on this computer cannot be replaced: " + e, 1);
        }
    }

    private void replace(int exitCode) throws IOException, InterruptedException {
        List<Long> inHand = InHand.read(settings.inHand());
        Optional<Ledger> ledger = parts.ledger().get();
        String how = Casualties.describe(exitCode, log.tail());
        console.verbose("the consumer " + how + " with " + inHand.size() + " rows in hand; it is replaced");
        parts.casualties().died(inHand, "", how);
        if (isFruitless(inHand, ledger, exitCode > Casualties.SIGNALLED ? FRUITLESS_KILLS : FRUITLESS_STARTS)) {
            parts.stop()
                    .request(
                            "the consumer on this computer " + how + " " + fruitless
                                    + " times without computing a row; its last lines (" + log.file() + "):"
                                    + System.lineSeparator()
                                    + String.join(System.lineSeparator(), log.tail()),
                            1);
            closing = true;
        } else if (!closing) {
            launch();
        }
    }

    private boolean isFruitless(List<Long> inHand, Optional<Ledger> ledger, int limit) {
        long done = finishedRows(ledger);
        fruitless = inHand.isEmpty() && done == doneBefore ? fruitless + 1 : 0;
        doneBefore = done;
        return fruitless >= limit;
    }

    private static long finishedRows(Optional<Ledger> ledger) {
        return ledger.map(rows -> rows.counts().done() + rows.counts().failed()).orElse(0L);
    }

    /** Lets the process end by itself, then makes it end. */
    @Override
    public void close() throws IOException {
        closing = true;
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            boolean isArchiving = archive.isBeingMade();
            if (!isArchiving && parts.ledger().get().map(Ledger::isFinished).orElse(true)) {
                running.destroyForcibly(); // it computes nothing; a JVM that ends by itself waits 0.3 s for its own
                // threads
            }
            closeInput(running);
            Duration grace = isArchiving ? ARCHIVING : GRACE;
            if (!running.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                running.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (isArchiving) {
                archive.keep(
                        running.exitValue() == 0 && finishedRows(parts.ledger().get()) > 0);
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private static void closeInput(Process running) {
        try {
            running.getOutputStream().write('.'); // told to end, not left alone
            running.getOutputStream().close();
        } catch (IOException e) {
            return; // it has ended already
        }
    }
}
