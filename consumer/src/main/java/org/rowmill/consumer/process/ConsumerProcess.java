package org.rowmill.consumer.process;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.connection.PrefetchPolicy;
import org.rowmill.consumer.program.CleanupProcess;
import org.rowmill.consumer.work.ConsumerMetrics;
import org.rowmill.consumer.work.Deadlines;
import org.rowmill.consumer.work.ProjectMount;
import org.rowmill.consumer.work.RowGate;
import org.rowmill.consumer.work.RowOutput;
import org.rowmill.consumer.work.RowScope;
import org.rowmill.consumer.work.RowTask;
import org.rowmill.consumer.work.RowsInSlots;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.ProjectClassLoader;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerExit;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.world.World;

/**
 * A consumer from its start to its end: connects to the broker, loads the project, starts the slots, sends heartbeats
 * and follows the commands of the head. {@link Shutdown} ends it.
 */
final class ConsumerProcess {

    /** System property of consumers on nodes: the project directory is a mount. */
    private static final String MOUNTED = "rowmill.mounted";

    private final ConsumerSettings settings;
    private final RowOutput output;
    private final ConsumerMetrics metrics = new ConsumerMetrics();
    private final Deadlines deadlines;
    private final Shutdown shutdown;
    private final BrokerLink link;

    /**
     * Makes a process that is not started yet.
     *
     * @param settings what to do
     * @param output standard output of rows
     * @param halt ends the JVM immediately, with an exit code
     */
    ConsumerProcess(ConsumerSettings settings, RowOutput output, IntConsumer halt) {
        this.settings = settings;
        this.output = output;
        this.deadlines = new Deadlines(settings.slots().count(), System::nanoTime);
        this.shutdown = new Shutdown(output.printStream(), halt);
        this.link = new BrokerLink(
                settings,
                e -> shutdown.end(ConsumerExit.BROKER_LOST, "it lost the connection to the broker: " + e.getMessage()));
    }

    /**
     * Runs until the process is about to be halted.
     *
     * @param input commands of the head
     */
    void run(InputStream input) throws InterruptedException {
        Threads.startDaemon("rowmill-stdin", () -> followCommands(input));
        try {
            if (Boolean.getBoolean(MOUNTED) && !World.hasAllFileNames()) {
                throw new WrongInput(
                        "this node has no locale with UTF-8, so files with names such as größe.txt cannot be"
                                + " opened. Install one there, for example: sudo locale-gen en_US.UTF-8");
            }
            Thread connecting = Threads.startDaemon("rowmill-connect", this::connect); // while the project is loaded
            List<TableModel> models = models();
            RowTask.Shared shared = shared(models);
            if (settings.httpPort().isPresent()) {
                serveMetrics(settings.httpPort().getAsInt(), shared.rowsInSlots());
            }
            connecting.join();
            new SlotThreads(link, shared, shutdown)
                    .start(models, settings.slots().count());
            new Heartbeats(settings, shared).send(link, shutdown);
        } catch (WrongInput e) {
            shutdown.end(ConsumerExit.WRONG_INPUT, String.valueOf(e.getMessage()));
        } catch (IOException | ReflectiveOperationException e) {
            shutdown.end(ConsumerExit.WRONG_INPUT, e.toString());
        } catch (JMSException e) {
            shutdown.end(ConsumerExit.BROKER_LOST, "the broker does not accept heartbeats: " + e.getMessage());
        }
    }

    private void serveMetrics(int requested, RowsInSlots rowsInSlots) throws IOException {
        int port = metrics.serve(requested, settings.slots().count(), rowsInSlots::busy);
        output.printStream().println("metrics on http://127.0.0.1:" + port + "/metrics");
    }

    private void followCommands(InputStream input) {
        try {
            Optional<ConsumerControl> next = ConsumerControl.read(input);
            while (next.isPresent()) {
                switch (next.get().command()) {
                    case DRAIN -> Threads.startDaemon("rowmill-drain", shutdown::drain);
                    case LIMIT_ROWS -> deadlines.limitRows(next.get().rowLimit());
                    case STOP -> {
                        shutdown.end(ConsumerExit.DONE);
                        return;
                    }
                }
                next = ConsumerControl.read(input);
            }
        } catch (IOException e) {
            output.printStream().println("cannot read the commands of the head: " + e.getMessage());
        }
        shutdown.end(ConsumerExit.HEAD_GONE);
    }

    private void connect() {
        try {
            link.connection(PrefetchPolicy.Level.SINGLE);
        } catch (JMSException e) {
            String address = settings.broker().host() + ":" + settings.broker().port();
            shutdown.end(
                    ConsumerExit.BROKER_LOST, "the broker at " + address + " cannot be reached: " + e.getMessage());
        }
    }

    private List<TableModel> models() throws ReflectiveOperationException {
        ConsumerSettings.Project project = settings.project();
        System.setProperty("rowmill.project", project.root().toString());
        URLClassLoader loader = new ProjectClassLoader(project.classPath()); // open until the process ends
        Thread.currentThread().setContextClassLoader(loader);
        List<TableModel> models = new ArrayList<>();
        for (String table : project.tables()) {
            models.add(TableModel.of(Class.forName(table, false, loader)));
        }
        return models;
    }

    private RowTask.Shared shared(List<TableModel> models) throws IOException {
        MessageCodec codec = new MessageCodec(
                settings.run(), models.stream().map(TableModel::schema).toList());
        // Nodes may share the directory, and have processes with the same number.
        String name =
                "rowmill-" + settings.run() + "-" + ProcessHandle.current().pid() + "-"
                        + Integer.toHexString(settings.node().hashCode());
        CleanupProcess cleanup =
                new CleanupProcess(Path.of(System.getProperty("java.io.tmpdir")).resolve(name));
        RowScope.Site site = new RowScope.Site(settings.run(), settings.node(), cleanup, output.printStream());
        ProjectMount mount =
                Boolean.getBoolean(MOUNTED) ? ProjectMount.at(settings.project().root()) : ProjectMount.none();
        RowsInSlots rowsInSlots =
                RowsInSlots.open(settings.slots().inHand(), settings.slots().count());
        return new RowTask.Shared(codec, rowsInSlots, output, site, metrics, mount, deadlines, new RowGate());
    }
}
