package org.rowmill.consumer.process;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.rowmill.broker.Credentials;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.work.Samples;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;

/** A consumer with two slots in its own JVM, as the head starts it, and a real broker with a session of the head. */
final class RunningConsumer implements AutoCloseable {

    static final PortRange PORTS = new PortRange(22_000, 500);
    static final Duration LIMIT = Duration.ofSeconds(60);
    static final String RUN = "r1";
    static final Queues QUEUES = Queues.of(RUN);

    private final Path directory;
    private final EmbeddedBroker broker;
    private final Credentials credentials;
    private final Connection head;
    private final Session session;

    @SuppressWarnings("NullAway.Init") // each test starts it
    private Process process;

    /** Starts the broker. */
    RunningConsumer(Path directory) throws JMSException {
        this.directory = directory;
        broker = EmbeddedBroker.start(PORTS, directory.resolve("broker"), QUEUES, (node, why) -> {});
        credentials = broker.admit(
                "here",
                Map.of(
                        QUEUES.results(), codec(Samples.Powers.class).beginningOfResults("here"),
                        QUEUES.nodes(), Heartbeat.beginning("here")));
        head = broker.local().createConnection();
        head.start();
        session = head.createSession();
    }

    static MessageCodec codec(Class<?> table) {
        return new MessageCodec(RUN, List.of(TableModel.of(table).schema()));
    }

    EmbeddedBroker broker() {
        return broker;
    }

    Credentials credentials() {
        return credentials;
    }

    Connection head() {
        return head;
    }

    Session session() {
        return session;
    }

    Process process() {
        return process;
    }

    void start(Class<?> table, Path... libraries) throws IOException {
        start(settings(table, libraries));
    }

    ConsumerSettings settings(Class<?> table, Path... libraries) {
        List<Path> classPath = new ArrayList<>(List.of(libraries));
        classPath.add(Path.of("target/test-classes").toAbsolutePath());
        return new ConsumerSettings(
                RUN,
                "here",
                new ConsumerSettings.BrokerAccess(
                        "127.0.0.1", broker.port(), credentials.user(), credentials.password(), Optional.empty()),
                new ConsumerSettings.Project(directory, classPath, List.of(table.getName())),
                new ConsumerSettings.Slots(2, directory.resolve("in-hand")),
                OptionalInt.empty());
    }

    void start(ConsumerSettings settings) throws IOException {
        launch();
        settings.writeTo(process.getOutputStream());
    }

    /** Starts the process, which then waits for its settings. */
    void launch() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Consumer.class.getName())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void publish(Class<?> table, long rows) throws JMSException {
        publish(table, rows, row -> false);
    }

    void publish(Class<?> table, long rows, LongPredicate alone) throws JMSException {
        MessageCodec codec = codec(table);
        MessageProducer producer = session.createProducer(session.createQueue(QUEUES.rows()));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        for (long row = 0; row < rows; row++) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(codec.encode(
                    new RowMessage(0, row, -row, 1, alone.test(row), List.of((int) row), List.of(), Map.of())));
            producer.send(message);
        }
    }

    Map<Long, ResultMessage> results(Class<?> table, int count) throws JMSException, IOException {
        Map<Long, ResultMessage> results = new TreeMap<>();
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUES.results()))) {
            for (int i = 0; i < count; i++) {
                BytesMessage message = (BytesMessage) consumer.receive(LIMIT.toMillis());
                assertThat(message)
                        .as("result %d of %d; log: %s", i, count, log())
                        .isNotNull();
                ResultMessage result = codec(table).decodeResult(BrokerLink.body(message));
                assertThat(results.put(result.row(), result))
                        .as("a second result")
                        .isNull();
            }
        }
        return results;
    }

    int exitCode(Duration limit) throws InterruptedException {
        assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                .as("ends within %s; log: %s", limit, log())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws JMSException {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        head.close();
        broker.close();
    }
}
