package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rowmill.broker.Credentials;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.broker.Rejection;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.inflight.ComputingNodes;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowTokens;
import org.rowmill.producer.inflight.TableRules;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.monitor.RowTimes;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.nodes.BrokerAccounts;
import org.rowmill.producer.options.RowTimeout;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Kind;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.store.DuckDb;
import org.rowmill.store.Stores;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;

/** A hostile node and an honest one use a real broker, from which the head collects results. */
@Tag("slow")
class HostileNodeTest {

    private static final String RUN = "r1";
    private static final Queues QUEUES = Queues.of(RUN);
    private static final TableSchema SCHEMA = Stores.longs("square", "cube");
    private static final MessageCodec CODEC = new MessageCodec(RUN, List.of(SCHEMA));
    private static final long ROWS = 500;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long RECEIVE_MILLIS = 10_000;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            0,
            false,
            Map.of());
    private final InFlightRows inFlight = new InFlightRows(8192, 1L << 30, new RowTokens(new SecureRandom()));
    private final List<String> excluded = Collections.synchronizedList(new ArrayList<>());
    private final List<Connection> connections = new ArrayList<>();
    private ProtocolViolations violations;
    private EmbeddedBroker broker;
    private BrokerAccounts accounts;

    @BeforeEach
    void start() throws JMSException {
        violations = new ProtocolViolations(console, node -> {
            excluded.add(node);
            broker.revoke(node);
        });
        broker = EmbeddedBroker.start(new PortRange(22_400, 200), directory.resolve("broker"), QUEUES, violations);
        accounts = new BrokerAccounts(broker, QUEUES, CODEC);
        publish();
    }

    @AfterEach
    void stop() {
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (JMSException e) {
                assertThat(e).as("the broker closed the connection").isNotNull();
            }
        }
        broker.close();
    }

    private void publish() throws JMSException {
        inFlight.beginTable(new TableRules(0, 2, 0));
        try (Connection head = broker.local().createConnection();
                Session session = head.createSession()) {
            MessageProducer rows = session.createProducer(session.createQueue(QUEUES.rows()));
            for (long i = 0; i < ROWS; i++) {
                long number = inFlight.nextRow();
                byte[] body = CODEC.encode(
                        new RowMessage(0, number, inFlight.token(number), 1, false, List.of(i), List.of(), Map.of()));
                inFlight.tryAdd(
                        number, new PlannedRow(List.of(i), Stores.key(i), List.of(), Map.of(), false), body.length);
                rows.send(message(session, body));
            }
        }
        inFlight.close();
    }

    private static BytesMessage message(Session session, byte[] body) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body);
        return message;
    }

    /** Collects results as a run does, until no row is in flight. */
    private void collect() {
        StopSignal stop = new StopSignal();
        try (TableStore store = TableOpening.open(directory.resolve("Samples"), SCHEMA, Stores.options(RUN));
                PartWriter writer = store.writer();
                RowJournal journal = store.journal();
                Connection head = broker.local().createConnection();
                AttemptLog attempts = new AttemptLog(directory);
                TableDispatch dispatch = dispatch(head, writer, journal, attempts, stop)) {
            head.start();
            dispatch.collectAll(() -> {});
        } catch (JMSException | IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TableDispatch dispatch(
            Connection head, PartWriter writer, RowJournal journal, AttemptLog attempts, StopSignal stop)
            throws JMSException {
        RunMetrics metrics = new RunMetrics(new SimpleMeterRegistry(), "Samples");
        TableReport report =
                new TableReport("Samples", attempts, new FailureSummary(), metrics, new RowTimes(), console);
        NodeHealth health = new NodeHealth(noActions(), () -> Map.of("evil", 2, "honest", 2));
        return new TableDispatch(
                new TableDispatch.Channel(new RowQueue(broker, QUEUES.rows(), CODEC), QUEUES, head),
                0,
                new TableDispatch.Nodes(
                        noNodes(),
                        health,
                        new RowLimit(RowTimeout.NONE, limit -> {}),
                        violations,
                        new CrashReports(),
                        new RefusedChanges()),
                inFlight,
                new ResultWriter(
                        writer, journal, new DiskWait(directory, Duration.ZERO, stop, console), report, keys -> {}),
                report,
                Duration.ofMillis(50));
    }

    private static ComputingNodes noNodes() {
        return new ComputingNodes() {
            @Override
            public Set<String> names() {
                return Set.of();
            }

            @Override
            public long heapBytes(String node) {
                return 0;
            }
        };
    }

    private static NodeHealth.Actions noActions() {
        return new NodeHealth.Actions() {
            @Override
            public void exclude(String node, Duration time, String evidence) {
                throw new AssertionError(evidence);
            }

            @Override
            public void stop(String reason) {
                throw new AssertionError(reason);
            }
        };
    }

    private Connection connected(String node) throws JMSException {
        Credentials admitted = accounts.admit(node);
        ActiveMQConnectionFactory factory = ActiveMQJMSClient.createConnectionFactoryWithoutHA(
                JMSFactoryType.CF,
                new TransportConfiguration(
                        NettyConnectorFactory.class.getName(), Map.of("host", "127.0.0.1", "port", broker.port())));
        factory.setReconnectAttempts(0);
        factory.setMinLargeMessageSize(Integer.MAX_VALUE);
        factory.setConsumerWindowSize(0); // without prefetch
        Connection connection = factory.createConnection(admitted.user(), admitted.password());
        connections.add(connection);
        connection.start();
        return connection;
    }

    private static ResultMessage result(RowMessage row, String node) {
        long index = (Long) row.index().get(0);
        return new ResultMessage(
                0,
                row.row(),
                row.token(),
                1,
                node,
                1000,
                Kind.COMPUTED,
                Stores.values(index * index, index * index * index),
                List.of());
    }

    private static RowMessage take(MessageConsumer rows) throws JMSException, IOException {
        BytesMessage message = (BytesMessage) rows.receive(RECEIVE_MILLIS);
        byte[] body = new byte[(int) message.getBodyLength()];
        message.readBytes(body);
        return CODEC.decodeRow(body);
    }

    /** Computes each row that it receives. */
    private void startHonest() throws JMSException {
        Session session = connected("honest").createSession(true, Session.SESSION_TRANSACTED);
        MessageProducer results = session.createProducer(session.createQueue(QUEUES.results()));
        MessageConsumer rows = session.createConsumer(session.createQueue(QUEUES.rows()));
        rows.setMessageListener(message -> answer(session, results, message));
    }

    private static void answer(Session session, MessageProducer results, Message message) {
        try {
            byte[] body = message.getBody(byte[].class);
            results.send(message(session, CODEC.encode(result(CODEC.decodeRow(body), "honest"))));
            session.commit();
        } catch (JMSException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertAllRowsAreRight() {
        assertThat(DuckDb.query(
                        directory.resolve("Samples"),
                        "SELECT count(*), count(DISTINCT index),"
                                + " count(*) FILTER (square = index * index AND cube = index * index * index) FROM $"))
                .containsExactly(List.of(ROWS, ROWS, ROWS));
    }

    /** What a hostile node may send as a result. The rows that it acknowledged are then lost. */
    enum Hostility {
        NOTHING(Rejection.RESULT),
        GARBAGE(Rejection.RESULT),
        DEEP_CBOR(Rejection.RESULT),
        LENGTHS_WITHOUT_CONTENT(Rejection.RESULT),
        SERIALIZED_OBJECT(Rejection.RESULT),
        NULLS_WITHOUT_END(Rejection.RESULT),
        HALF_A_ROW(Rejection.RESULT),
        ANOTHER_TABLE(Rejection.RESULT),
        ANOTHER_ROW(Rejection.TOKEN),
        A_ROW_THAT_DOES_NOT_EXIST(Rejection.TOKEN);

        private final Rejection why;

        Hostility(Rejection why) {
            this.why = why;
        }

        byte[] body(RowMessage given, Random random) throws IOException {
            ResultMessage honest = result(given, "evil");
            return switch (this) {
                case NOTHING -> begun();
                case GARBAGE -> begun(bytes(random, 1 + random.nextInt(2000)));
                case DEEP_CBOR -> begun(filled(1_000_000, 0x9f));
                case LENGTHS_WITHOUT_CONTENT -> begun(filled(9, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
                case SERIALIZED_OBJECT -> begun(serialized());
                case NULLS_WITHOUT_END -> begun(filled(8 << 20, 0xf6));
                case HALF_A_ROW -> CODEC.encode(with(honest, 0, honest.row(), Map.of(0, 1L)));
                case ANOTHER_TABLE -> begun(new byte[] {1});
                case ANOTHER_ROW -> CODEC.encode(with(honest, 0, (honest.row() + ROWS / 2) % ROWS, honest.values()));
                case A_ROW_THAT_DOES_NOT_EXIST ->
                    CODEC.encode(with(honest, 0, -1 - random.nextInt(9), honest.values()));
            };
        }

        private static ResultMessage with(ResultMessage of, int table, long row, Map<Integer, Object> values) {
            return new ResultMessage(
                    table, row, of.token(), of.attempt(), of.node(), of.nanos(), of.kind(), values, of.failures());
        }

        private static byte[] begun(byte... rest) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(CODEC.beginningOfResults("evil"));
            bytes.writeBytes(rest);
            return bytes.toByteArray();
        }

        private static byte[] bytes(Random random, int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }

        private static byte[] filled(int length, int... with) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) with[0]);
            for (int i = 0; i < with.length; i++) {
                bytes[i] = (byte) with[i];
            }
            return bytes;
        }

        private static byte[] serialized() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(new ArrayList<>(List.of("harmless")));
            }
            return bytes.toByteArray();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHostileNodeIsExcludedAndAllRowsAreRight(Hostility hostility) throws Exception {
        Random random = new Random(7);
        CompletableFuture<Void> collected = CompletableFuture.runAsync(this::collect);
        Session session = connected("evil").createSession(true, Session.SESSION_TRANSACTED);
        MessageConsumer rows = session.createConsumer(session.createQueue(QUEUES.rows()));
        MessageProducer results = session.createProducer(session.createQueue(QUEUES.results()));
        for (int i = 0; i < ProtocolViolations.LIMIT; i++) {
            try {
                results.send(message(session, hostility.body(take(rows), random)));
                session.commit();
            } catch (JMSException e) {
                assertThat(i).as("only the last one is disconnected: %s", e).isEqualTo(ProtocolViolations.LIMIT - 1);
            }
        }

        await().atMost(LIMIT).untilAsserted(() -> assertThat(excluded).containsExactly("evil"));
        assertThat(violations.count(hostility.why)).isEqualTo(ProtocolViolations.LIMIT);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("evil: sent an invalid message")
                .containsOnlyOnce("evil: excluded for the rest of the run");
        assertThatThrownBy(() -> {
                    take(rows);
                    session.commit();
                })
                .as("its next request")
                .isInstanceOfAny(JMSException.class, NullPointerException.class);
        startHonest();

        assertThat(collected).succeedsWithin(LIMIT);
        assertAllRowsAreRight();
    }

    @Test
    void aNodeThatTakesRowsAndNeverAnswersLosesNoRow() throws Exception {
        CompletableFuture<Void> collected = CompletableFuture.runAsync(this::collect);
        Session session = connected("evil").createSession(true, Session.SESSION_TRANSACTED);
        MessageConsumer rows = session.createConsumer(session.createQueue(QUEUES.rows()));
        for (int i = 0; i < ROWS / 2; i++) {
            take(rows);
        }
        session.commit();
        rows.close();
        startHonest();

        assertThat(collected).succeedsWithin(LIMIT);
        assertAllRowsAreRight();
        assertThat(excluded).isEmpty();
    }

    @Test
    void aNodeCannotSendHeartbeatsOfAnotherNode() throws Exception {
        Session session = connected("evil").createSession();
        MessageProducer nodes = session.createProducer(session.createQueue(QUEUES.nodes()));
        ConsumerRegistry registry = new ConsumerRegistry(violations);
        try (Connection head = broker.local().createConnection()) {
            registry.listen(head, QUEUES.nodes());
            head.start();
            nodes.send(message(session, new Heartbeat("evil", 1, 2, List.of(7L), 0, -1, 0, 1 << 30).encode()));
            await().atMost(LIMIT).until(() -> registry.names().contains("evil"));

            Message lie = message(session, new Heartbeat("honest", 1, 1000, List.of(7L), 0, -1, 0, 1 << 30).encode());
            assertThatThrownBy(() -> nodes.send(lie)).isInstanceOf(JMSException.class);

            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(violations.count(Rejection.SENDER)).isEqualTo(1));
            assertThat(registry.names()).containsExactly("evil");
            assertThat(registry.slots()).isEqualTo(2);
        }
    }

    @Test
    void aNodeThatSendsInvalidHeartbeatsIsExcluded() throws Exception {
        Session session = connected("evil").createSession();
        MessageProducer nodes = session.createProducer(session.createQueue(QUEUES.nodes()));
        nodes.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        byte[] tooMany = new Heartbeat("evil", 1, 1, List.of(), 0, -1, 0, 1 << 30).encode();
        tooMany[tooMany.length - 4 * Long.BYTES - 2 * Integer.BYTES] = 0x7f; // two billion slots
        ConsumerRegistry registry = new ConsumerRegistry(violations);
        try (Connection head = broker.local().createConnection()) {
            registry.listen(head, QUEUES.nodes());
            head.start();
            for (int i = 0; i < ProtocolViolations.LIMIT; i++) {
                nodes.send(message(session, tooMany));
            }

            await().atMost(LIMIT).untilAsserted(() -> assertThat(excluded).containsExactly("evil"));
            assertThat(registry.slots()).isZero();
        }
    }
}
