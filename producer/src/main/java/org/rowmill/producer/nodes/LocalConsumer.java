package org.rowmill.producer.nodes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.dispatch.ConsumerCrashHandler;
import org.rowmill.producer.dispatch.InFlightRows;
import org.rowmill.producer.rundir.HeldRowsFile;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * The consumer of this computer: a child process, so that a column that ends or crashes the JVM does not take the head
 * along. One that dies is replaced. A thread of its own waits for its end.
 */
public final class LocalConsumer implements HeadConsumer {

    private static final int FRUITLESS_STARTS = 5;

    /** Somebody may kill consumers faster than they start; that is no fault of the project's, up to a point. */
    private static final int FRUITLESS_KILLS = 60;

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration GUARD = Duration.ofMillis(500);
    private static final Duration GUARD_POLL = Duration.ofMillis(5);
    private static final Duration ARCHIVING = Duration.ofSeconds(20);
    private static final long ASIDE_POLL_MILLIS = 100;
    /** Of the memory of the computer, or of the control group; the rest is for what rows start, for files, and for the head. */
    private static final int HEAP_PERCENT = 60;

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
    private volatile Duration setAside = Duration.ZERO;
    private int fruitless;
    private long doneBefore;

    /**
     * What it works with.
     *
     * @param crashes is told of rows in the hands of a consumer that died
     * @param inFlight the ledger of the table being computed
     * @param stop requested when no consumer can be kept alive
     * @param logs directory of the run's logs
     * @param beats how many heartbeats a process of this computer has sent, by its id
     * @param rowLimit how long a row may take; zero: for ever
     * @param memoryPerSlot bytes of heap that a row needs; empty: not told
     */
    public record Parts(
            ConsumerCrashHandler crashes,
            Supplier<Optional<InFlightRows>> inFlight,
            StopSignal stop,
            Path logs,
            LongUnaryOperator beats,
            Supplier<Duration> rowLimit,
            OptionalLong memoryPerSlot) {}

    public LocalConsumer(Path jar, ConsumerSettings settings, Parts parts, Console console) throws IOException {
        this.jar = jar;
        this.archive = ClassArchive.of("consumer", jar);
        this.settings = settings;
        this.parts = parts;
        this.console = console;
        this.log = new RunLog(parts.logs().resolve("consumer.log"), console);
        watcher.setDaemon(true);
    }

    @Override
    public void start() throws IOException {
        launch();
        watcher.start();
    }

    @Override
    public void kill() {
        closing = true;
        Process running = process;
        if (running != null) {
            kill(running);
        }
    }

    private static void kill(Process running) {
        List<ProcessHandle> programs = running.descendants().toList();
        running.destroyForcibly();
        awaitEnd(programs);
        programs.forEach(ProcessHandle::destroyForcibly);
    }

    /** The consumer's guard ends the rows' programs, then removes their files: killed with them, it would leave these. */
    private static void awaitEnd(List<ProcessHandle> programs) {
        long end = System.nanoTime() + GUARD.toNanos();
        while (programs.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
            LockSupport.parkNanos(GUARD_POLL.toNanos());
        }
    }

    private void launch() throws IOException {
        HeldRowsFile.prepare(settings.slots().inHand(), settings.slots().count());
        Process started = new ProcessBuilder(command())
                .directory(settings.project().root().toFile())
                .redirectErrorStream(true)
                .start();
        process = started;
        log.copy(started.getInputStream());
        console.verbose("consumer started on this computer: pid " + started.pid() + ", " + settings.slots().count()
                + " slots, log " + log.file());
        try {
            settings.writeTo(started.getOutputStream());
            limitRows(parts.rowLimit().get());
        } catch (IOException e) {
            console.verbose("the consumer ended before it read its settings: " + e.getMessage()); // watch() tells why
        }
    }

    @Override
    public void limitRows(Duration limit) {
        Process running = process;
        if (running == null || limit.isZero()) {
            return;
        }
        try {
            ConsumerControl.limitRows(limit).writeTo(running.getOutputStream());
        } catch (IOException e) {
            return; // it has ended; the next one is told when it starts
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions(Runtime.version().feature(), parts.memoryPerSlot()));
        command.add("-XX:ErrorFile=" + parts.logs().resolve("hs_err_%p.log"));
        command.addAll(archive.options());
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }

    /** For any consumer's JVM, of that version. Language and time zone are the head's: what a row is must not depend on where. */
    static List<String> javaOptions(int version, OptionalLong memoryPerSlot) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:MaxRAMPercentage=" + HEAP_PERCENT,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseParallelGC",
                "-XX:-UsePerfData",
                "-Dfile.encoding=UTF-8",
                "-Duser.language=" + Locale.getDefault().getLanguage(),
                "-Duser.script=" + Locale.getDefault().getScript(),
                "-Duser.country=" + Locale.getDefault().getCountry(),
                "-Duser.variant=" + Locale.getDefault().getVariant(),
                "-Duser.timezone=" + TimeZone.getDefault().getID()));
        memoryPerSlot.ifPresent(bytes -> options.add("-Drowmill.memoryPerSlot=" + bytes));
        if (version >= UNSAFE_WARNINGS_SINCE) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }

    private void watch() {
        try {
            while (!closing) {
                Process running = process;
                int exitCode = running == null ? 0 : awaitEnd(running);
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

    /** Also by killing it, when it only hangs. */
    private int awaitEnd(Process running) throws InterruptedException {
        HeartbeatTimeout silence = new HeartbeatTimeout();
        while (!running.waitFor(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (silence.tick(parts.beats().applyAsLong(running.pid())) && !closing) {
                console.warn("the consumer on this computer (pid " + running.pid() + ") hangs: no sign of life for "
                        + silence.seconds() + " s; it is killed and replaced");
                kill(running);
            }
        }
        return running.exitValue();
    }

    @Override
    public void setAside(Duration time) {
        setAside = time;
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** Whether the process was ended by {@link #setAside}, whose time is over then. */
    private boolean wasSetAside() throws InterruptedException {
        Duration time = setAside;
        if (time.isZero()) {
            return false;
        }
        setAside = Duration.ZERO;
        long end = System.nanoTime() + time.toNanos();
        while (!closing && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(ASIDE_POLL_MILLIS);
        }
        return true;
    }

    private void replace(int exitCode) throws IOException, InterruptedException {
        if (wasSetAside()) {
            if (!closing) {
                launch();
            }
            return;
        }
        List<HeldRow> inHand = HeldRowsFile.read(settings.slots().inHand());
        Optional<InFlightRows> inFlight = parts.inFlight().get();
        String how = ConsumerCrashHandler.describe(exitCode, log.tail());
        console.verbose("the consumer " + how + " with " + inHand.size() + " rows in hand; it is replaced");
        parts.crashes().crashed(new ConsumerCrash(inHand, settings.node(), "", how, log.tail()));
        if (isFruitless(
                inHand, inFlight, exitCode > ConsumerCrashHandler.SIGNALLED ? FRUITLESS_KILLS : FRUITLESS_STARTS)) {
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

    private boolean isFruitless(List<HeldRow> inHand, Optional<InFlightRows> inFlight, int limit) {
        long done = finishedRows(inFlight);
        fruitless = inHand.isEmpty() && done == doneBefore ? fruitless + 1 : 0;
        doneBefore = done;
        return fruitless >= limit;
    }

    private static long finishedRows(Optional<InFlightRows> inFlight) {
        return inFlight.map(rows -> rows.counts().done() + rows.counts().failed())
                .orElse(0L);
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
            if (!isArchiving
                    && parts.inFlight().get().map(InFlightRows::isFinished).orElse(true)) {
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
                archive.keep(running.exitValue() == 0
                        && finishedRows(parts.inFlight().get()) > 0);
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private static void closeInput(Process running) {
        try {
            ConsumerControl.STOP.writeTo(running.getOutputStream());
            running.getOutputStream().close();
        } catch (IOException e) {
            return; // it has ended already
        }
    }
}
