package org.rowmill.consumer.process;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.connection.PrefetchPolicy;
import org.rowmill.consumer.program.CleanupProcess;
import org.rowmill.consumer.work.ConsumerMetrics;
import org.rowmill.consumer.work.Deadlines;
import org.rowmill.consumer.work.RowsInSlots;
import org.rowmill.consumer.work.ProjectMount;
import org.rowmill.consumer.work.RowOutput;
import org.rowmill.consumer.work.RowScope;
import org.rowmill.consumer.work.RowTask;
import org.rowmill.consumer.work.Worker;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.ProjectClassLoader;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerExit;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.MessageCodec;

/**
 * The consumer while it lives: slots that compute, a thread that waits for the end of standard input, a heartbeat. It
 * ends in one way only, {@link #end}, whichever thread asks for it first.
 */
final class ConsumerProcess {

    /** System property of a node's consumer: the project's root is a mount. */
    private static final String MOUNTED = "rowmill.mounted";

    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final long POLL_MILLIS = 5;
    private static final long HEARTBEAT_MILLIS = 1_000;

    private final ConsumerSettings settings;
    private final RowOutput output;
    private final PrintStream out;
    private final IntConsumer halt;
    private final ConsumerMetrics metrics = new ConsumerMetrics();
    private final BrokerLink link;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    private volatile Duration rowLimit = Duration.ZERO;
    private volatile @Nullable Deadlines deadlines;
    private boolean ending;

    /**
     * A process, not started yet.
     *
     * @param settings what to do
     * @param output standard output of rows
     * @param halt ends the JVM at once
     */
    ConsumerProcess(ConsumerSettings settings, RowOutput output, IntConsumer halt) {
        this.settings = settings;
        this.output = output;
        this.out = output.printStream();
        this.halt = halt;
        this.link = new BrokerLink(
                settings, e -> end(ConsumerExit.BROKER_LOST, "the connection to the broker broke: " + e.getMessage()));
    }

    /** Works until the end; returns when the process is about to be halted. */
    void run(InputStream input) throws InterruptedException {
        daemon("rowmill-stdin", () -> awaitEnd(input));
        try {
            Thread connecting = daemon("rowmill-connect", this::connect); // while the project is loaded
            List<TableModel> models = models();
            RowsInSlots rowsInSlots = RowsInSlots.open(settings.slots().inHand(), settings.slots().count());
            if (settings.httpPort().isPresent()) {
                int port = metrics.serve(
                        settings.httpPort().getAsInt(), settings.slots().count(), rowsInSlots::busy);
                out.println("metrics on http://127.0.0.1:" + port + "/metrics");
            }
            connecting.join();
            startSlots(models, rowsInSlots);
            sendHeartbeats(rowsInSlots);
        } catch (WrongInput | IOException | ReflectiveOperationException e) {
            end(ConsumerExit.WRONG_INPUT, e instanceof WrongInput ? String.valueOf(e.getMessage()) : e.toString());
        } catch (JMSException e) {
            end(ConsumerExit.BROKER_LOST, "the broker takes no heartbeats: " + e.getMessage());
        }
    }

    private void connect() {
        try {
            link.connection(PrefetchPolicy.Level.SINGLE);
        } catch (JMSException e) {
            end(
                    ConsumerExit.BROKER_LOST,
                    "the broker at " + settings.broker().host() + ":" + settings.broker().port() + " cannot be reached: "
                            + e.getMessage());
        }
    }

    private List<TableModel> models() throws ReflectiveOperationException {
        System.setProperty("rowmill.project", settings.project().root().toString());
        URLClassLoader project = new ProjectClassLoader(settings.project().classPath()); // open as long as the process lives
        Thread.currentThread().setContextClassLoader(project);
        List<TableModel> models = new ArrayList<>();
        for (String table : settings.project().tables()) {
            models.add(TableModel.of(Class.forName(table, false, project)));
        }
        return models;
    }

    private synchronized void startSlots(List<TableModel> models, RowsInSlots rowsInSlots) throws IOException {
        MessageCodec codec = new MessageCodec(
                settings.run(), models.stream().map(TableModel::schema).toList());
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("rowmill-" + settings.run() + "-"
                        + ProcessHandle.current().pid());
        RowScope.Site site = new RowScope.Site(settings.run(), settings.node(), new CleanupProcess(scratch), out);
        ProjectMount mount = Boolean.getBoolean(MOUNTED) ? ProjectMount.at(settings.project().root()) : ProjectMount.none();
        Deadlines limits = new Deadlines(settings.slots().count(), slot -> endOverdue(slot, rowsInSlots));
        limits.limitRows(rowLimit);
        deadlines = limits;
        daemon("rowmill-deadlines", limits::watch);
        RowTask.Shared shared = new RowTask.Shared(codec, rowsInSlots, output, site, metrics, mount, limits);
        for (int slot = 0; slot < settings.slots().count(); slot++) {
            Worker worker = new Worker(link, new RowTask(slot, models, shared), () -> stopping);
            workers.add(worker);
            daemon("rowmill-slot-" + slot, () -> work(worker));
        }
    }

    private void work(Worker worker) {
        try (worker) {
            workWhileThereIsMemory(worker);
        } catch (JMSException e) {
            end(ConsumerExit.BROKER_LOST, "the broker does not answer: " + e.getMessage());
        } catch (IOException e) {
            end(ConsumerExit.INTERNAL, "a message that is no row of this run: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            e.printStackTrace(out);
            end(ConsumerExit.INTERNAL, "a fault of Rowmill: " + e);
        }
    }

    /** Without memory it ends before its session does, which would hand the row to another slot first. */
    private void workWhileThereIsMemory(Worker worker) throws JMSException, IOException {
        try {
            worker.work();
        } catch (OutOfMemoryError e) {
            try {
                out.println("ended by " + e);
            } finally { // nothing can be printed for sure: the exit code tells it too
                halt.accept(ConsumerExit.OUT_OF_MEMORY);
            }
        }
    }

    private void sendHeartbeats(RowsInSlots rowsInSlots) throws JMSException, InterruptedException {
        BrokerLink.Nodes nodes = link.new Nodes();
        long pid = ProcessHandle.current().pid();
        do {
            nodes.send(heartbeat(pid, rowsInSlots).encode());
        } while (!ended.await(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS));
    }

    private Heartbeat heartbeat(long pid, RowsInSlots rowsInSlots) {
        long now = System.nanoTime();
        Deadlines limits = Objects.requireNonNull(deadlines);
        int oldest = limits.oldest(now);
        return new Heartbeat(
                settings.node(),
                pid,
                settings.slots().count(),
                rowsInSlots.busy(),
                metrics.rows(),
                oldest < 0 ? -1 : rowsInSlots.row(oldest),
                oldest < 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(limits.of(oldest).age(now)));
    }

    private void awaitEnd(InputStream input) {
        try {
            Optional<ConsumerControl> next = ConsumerControl.read(input);
            while (next.isPresent()) {
                switch (next.get().command()) {
                    case DRAIN -> daemon("rowmill-drain", this::drain);
                    case LIMIT_ROWS -> limitRows(next.get().rowLimit());
                    case STOP -> {
                        end(ConsumerExit.DONE, "");
                        return;
                    }
                }
                next = ConsumerControl.read(input);
            }
        } catch (IOException e) {
            out.println("cannot read the commands of the head: " + e.getMessage());
        }
        end(ConsumerExit.HEAD_GONE, "");
    }

    /** May be called before the slots are started. */
    private synchronized void limitRows(Duration limit) {
        rowLimit = limit;
        Deadlines limits = deadlines;
        if (limits != null) {
            limits.limitRows(rowLimit);
        }
    }

    /** Nothing but the end of the process ends a thread that does not want to; rows of other slots go back to the broker. */
    private void endOverdue(int slot, RowsInSlots rowsInSlots) {
        rowsInSlots.markOverdue(slot);
        Deadlines limits = Objects.requireNonNull(deadlines);
        out.println("consumer ends: a row was interrupted since its time is over, and does not end; it is at");
        for (StackTraceElement frame : limits.of(slot).stack()) {
            out.println("    at " + frame);
        }
        end(ConsumerExit.OVERDUE, "");
    }

    /** Takes no more rows, and ends the process when those in hand have ended, however long they take. */
    private void drain() {
        stopping = true;
        try {
            while (workers.stream().anyMatch(Worker::isActive)) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            end(ConsumerExit.DONE, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends the process: rows that end within the grace are kept, then it is halted whatever user code does.
     *
     * @param exitCode why
     * @param reason told on standard output unless it is blank
     */
    private void end(int exitCode, String reason) {
        synchronized (this) {
            if (ending) {
                return;
            }
            ending = true;
            stopping = true;
        }
        if (!reason.isBlank()) {
            out.println("consumer ends: " + reason);
        }
        daemon("rowmill-end", () -> haltAfterGrace(exitCode));
    }

    private void haltAfterGrace(int exitCode) {
        try {
            if (exitCode == ConsumerExit.DONE || exitCode == ConsumerExit.HEAD_GONE) {
                awaitIdleSlots();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
            halt.accept(exitCode);
        }
    }

    /** A slot without a row waits for one in the broker; the end of the process ends that too, as it closes the link. */
    private void awaitIdleSlots() throws InterruptedException {
        long end = System.nanoTime() + GRACE.toNanos();
        while (workers.stream().anyMatch(Worker::isActive) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
