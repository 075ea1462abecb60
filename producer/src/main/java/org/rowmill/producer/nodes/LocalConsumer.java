package org.rowmill.producer.nodes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.cache.ClassArchive;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.dispatch.ConsumerEnd;
import org.rowmill.producer.rundir.HeldRowsFile;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * The consumer of the head: a child process, so that a column function that ends or crashes the JVM does not end the
 * head. If it cannot be started again, the run stops.
 */
final class LocalConsumer implements ConsumerHandle {

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration CLEANUP = Duration.ofMillis(500);
    private static final Duration CLEANUP_POLL = Duration.ofMillis(5);

    /** A program that a row has left may keep the output open. */
    private static final Duration LAST_LINES = Duration.ofMillis(500);

    /** {@link #close} takes no longer. */
    static final Duration CLOSE_LIMIT = GRACE.plus(GRACE).plus(CLEANUP);

    private final Path jar;
    private final ClassArchive archive;
    private final boolean listsClasses;
    private final ConsumerSettings settings;
    private final RunContext context;
    private final RunLog log;
    private final NodeReporter reporter;
    private final StopSignal stop;
    private volatile @Nullable Process process;
    private long finishedBefore;

    LocalConsumer(
            Path jar, ConsumerSettings settings, RunContext context, RunLog log, NodeReporter reporter, StopSignal stop)
            throws IOException {
        this.jar = jar;
        this.archive = ClassArchive.of("consumer", jar);
        this.listsClasses = archive.isListed();
        this.settings = settings;
        this.context = context;
        this.log = log;
        this.reporter = reporter;
        this.stop = stop;
    }

    @Override
    public void connect(NodeEventQueue.Session events) {}

    @Override
    public void start(NodeEventQueue.Session events) throws IOException {
        HeldRowsFile.prepare(settings.slots().inHand(), settings.slots().count());
        ProcessBuilder builder = new ProcessBuilder(command())
                .directory(settings.project().root().toFile())
                .redirectErrorStream(true);
        context.world().enter(builder.environment());
        Process started = builder.start();
        process = started;
        Thread copying = log.copy(started.getInputStream());
        reporter.verbose("consumer started on this computer: pid " + started.pid() + ", "
                + settings.slots().count() + " slots, log " + log.file());
        try {
            settings.writeTo(started.getOutputStream());
        } catch (IOException e) {
            reporter.verbose("the consumer ended before it read its settings: " + e.getMessage());
        }
        CompletableFuture<Void> end = started.onExit().thenAccept(ended -> reportEnd(ended, copying, events));
        end.exceptionally(e -> {
            events.add(new NodeEvent.HeldRowsUnreadable(new IOException(e)));
            return null;
        });
    }

    /** Waits for the last lines first: they say why the process has ended. */
    private void reportEnd(Process ended, Thread copying, NodeEventQueue.Session events) {
        try {
            copying.join(LAST_LINES.toMillis());
            List<HeldRow> inHand = HeldRowsFile.read(settings.slots().inHand());
            events.add(new NodeEvent.ConsumerEnded(ended.pid(), ended.exitValue(), inHand));
        } catch (IOException e) {
            events.add(new NodeEvent.HeldRowsUnreadable(e));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing interrupts the threads of futures", e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ConsumerJvm.options(Runtime.version().feature(), context.memoryPerSlot(), context.world()));
        command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        command.add("-XX:ErrorFile=" + context.logs().resolve("hs_err_%p.log"));
        command.addAll(archive.options());
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }

    /** Does nothing: a start takes a moment. */
    @Override
    public void cancel() {}

    @Override
    public long pid() {
        Process running = process;
        return running == null ? 0 : running.pid();
    }

    @Override
    public long heartbeats() {
        return context.consumers().beats(settings.node(), pid());
    }

    /**
     * Counts the rows of the whole run: those of the last heartbeat may be too few, and other nodes prove the project
     * right.
     */
    @Override
    public boolean hasComputed(long pid) {
        long finished = context.rows().finished();
        boolean hasComputed = finished != finishedBefore;
        finishedBefore = finished;
        return hasComputed;
    }

    @Override
    public void limitRows(Duration limit) throws IOException {
        Process running = process;
        if (running != null) {
            ConsumerControl.limitRows(limit).writeTo(running.getOutputStream());
        }
    }

    /** Does nothing: the head does not leave the run. */
    @Override
    public void drain() {}

    @Override
    public void kill() {
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

    /**
     * The cleanup process of the consumer ends the programs and then removes their files, unless it is killed with
     * them.
     */
    private static void awaitEnd(List<ProcessHandle> programs) {
        long end = System.nanoTime() + CLEANUP.toNanos();
        while (programs.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
            LockSupport.parkNanos(CLEANUP_POLL.toNanos());
        }
    }

    @Override
    public void abort() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.waitFor(); // without limit: a second one must not start; the end of the run interrupts this
        }
    }

    /** Lets the process end, and kills it if it does not. */
    @Override
    public void close() throws InterruptedException {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            if (!listsClasses && context.rows().areFinished()) {
                running.destroyForcibly(); // it computes nothing, and takes 0.3 s to end its own threads
            }
            closeInput(running);
            if (!running.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(running);
                running.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (listsClasses) {
                keepList(!running.isAlive() && running.exitValue() == 0);
            }
        } catch (InterruptedException e) {
            kill(running);
            throw e;
        }
    }

    /** The end of the input alone would mean that the head has died. */
    private static void closeInput(Process running) {
        try {
            ConsumerControl.STOP.writeTo(running.getOutputStream());
            running.getOutputStream().close();
        } catch (IOException e) {
            return; // it has ended already
        }
    }

    private void keepList(boolean isComplete) {
        try {
            archive.keep(isComplete && context.rows().finished() > 0);
        } catch (IOException e) {
            context.console().warn("the list of the classes of the consumer cannot be stored: " + e);
        }
    }

    @Override
    public void giveUp(ConsumerEnd end, int times) {
        boolean isInternal = end.cause() == ConsumerEnd.Cause.INTERNAL;
        stop.request(
                "the consumer on this computer " + reporter.fruitless(end, times),
                isInternal ? ExitCode.INTERNAL_ERROR : ExitCode.SOME_FAILED);
    }

    @Override
    public void report(Exception error) {
        stop.request("the consumer on this computer cannot be replaced: " + error, ExitCode.SOME_FAILED);
    }
}
