package org.rowmill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.schemas.protocol.Queues;

/** A real broker, and clients that send what no consumer sends. */
class FrameFilterTest {

    private static final PortRange PORTS = new PortRange(22_000, 300);
    private static final Queues QUEUES = Queues.of("r1");
    private static final byte[] MINE = {1, 2};
    private static final Duration SOME_TIME = Duration.ofSeconds(1);

    /** Messages in transit when the broker stops reading. */
    private static final int SOME_MORE = 16;

    @TempDir
    private Path directory;

    private final List<String> rejected = Collections.synchronizedList(new ArrayList<>());
    private EmbeddedBroker broker;
    private Credentials node;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(
                PORTS, directory.resolve("broker"), QUEUES, (from, why) -> rejected.add(from + ":" + why));
        node = broker.admit("n1", Map.of(QUEUES.results(), MINE));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private ActiveMQConnectionFactory factory(EmbeddedBroker to) {
        ActiveMQConnectionFactory factory = ActiveMQJMSClient.createConnectionFactoryWithoutHA(
                JMSFactoryType.CF,
                new TransportConfiguration(
                        NettyConnectorFactory.class.getName(), Map.of("host", "127.0.0.1", "port", to.port())));
        factory.setReconnectAttempts(0);
        factory.setCallTimeout(5_000);
        factory.setBlockOnNonDurableSend(true);
        return factory;
    }

    private Connection connected() throws JMSException {
        Connection connection = factory(broker).createConnection(node.user(), node.password());
        connection.start();
        return connection;
    }

    private static BytesMessage message(Session session, byte... body) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body);
        return message;
    }

    private void assertRejected(String why) {
        await().untilAsserted(() -> assertThat(rejected).contains(why));
        assertThat(broker.depth(QUEUES.results())).isZero();
        assertThat(broker.depth(QUEUES.nodes())).isZero();
        assertThat(broker.depth(QUEUES.rows())).isZero();
    }

    private interface Attempt {
        void by(Session session) throws JMSException, IOException;
    }

    private void assertRejects(String why, Attempt attempt) throws JMSException {
        Connection connection = connected();
        try {
            Session session = connection.createSession();
            assertThatThrownBy(() -> attempt.by(session)).isInstanceOf(JMSException.class);
        } finally {
            closeIfConnected(connection);
        }
        assertRejected(why);
    }

    private static void closeIfConnected(Connection connection) {
        try {
            connection.close();
        } catch (JMSException e) {
            assertThat(e).as("the connection was closed").isNotNull();
        }
    }

    /** Sends without waiting, because the connection breaks a moment later. */
    private static void send(Session session, String queue, Message message) throws JMSException {
        MessageProducer producer = session.createProducer(session.createQueue(queue));
        producer.send(message);
    }

    @Nested
    class ANode {

        @Test
        void sendsItsOwnResultsAndReceivesRows() throws JMSException {
            try (Connection connection = connected();
                    Connection head = broker.local().createConnection()) {
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                Session ofTheHead = head.createSession();
                send(ofTheHead, QUEUES.rows(), message(ofTheHead, (byte) 7));
                MessageConsumer rows = session.createConsumer(session.createQueue(QUEUES.rows()));
                assertThat(rows.receive(5_000)).isNotNull();
                send(session, QUEUES.results(), message(session, (byte) 1, (byte) 2, (byte) 3));
                session.commit();

                await().untilAsserted(
                                () -> assertThat(broker.depth(QUEUES.results())).isEqualTo(1));
                assertThat(rejected).isEmpty();
            }
        }

        @Test
        void cannotSendUnderAnotherName() throws JMSException {
            assertRejects(
                    "n1:SENDER", session -> send(session, QUEUES.results(), message(session, (byte) 1, (byte) 3)));
        }

        @Test
        void cannotSendMessagesThatAreTooShortForItsName() throws JMSException {
            assertRejects("n1:SENDER", session -> send(session, QUEUES.results(), message(session, (byte) 1)));
        }

        @Test
        void cannotSendRows() throws JMSException {
            assertRejects("n1:QUEUE", session -> send(session, QUEUES.rows(), message(session, MINE)));
        }

        @Test
        void cannotSendToOtherQueues() throws JMSException {
            assertRejects("n1:QUEUE", session -> send(session, QUEUES.nodes(), message(session, MINE)));
        }

        @Test
        void cannotManageTheBroker() throws JMSException {
            assertRejects("n1:QUEUE", session -> send(session, "activemq.management", message(session, MINE)));
        }

        @Test
        void cannotSendSerializedObjects() throws JMSException {
            assertRejects(
                    "n1:MESSAGE",
                    session ->
                            send(session, QUEUES.results(), session.createObjectMessage(new ArrayList<>(List.of(1)))));
        }

        @Test
        void cannotSendMessagesThatExpire() throws JMSException {
            assertRejects("n1:MESSAGE", session -> {
                MessageProducer producer = session.createProducer(session.createQueue(QUEUES.results()));
                producer.setTimeToLive(1);
                producer.send(message(session, MINE));
            });
        }

        @Test
        void cannotSendManyProperties() throws JMSException {
            assertRejects("n1:MESSAGE", session -> {
                Message message = message(session, MINE);
                for (int i = 0; i < 100; i++) {
                    message.setIntProperty("p" + i, i);
                }
                send(session, QUEUES.results(), message);
            });
        }

        @Test
        void cannotSendLargeMessages() throws JMSException {
            assertRejects("n1:PACKET", session -> {
                BytesMessage message = session.createBytesMessage();
                InputStream body = new ByteArrayInputStream(new byte[1 << 20]);
                message.setObjectProperty("JMS_AMQ_InputStream", body);
                send(session, QUEUES.results(), message);
            });
        }

        @Test
        @Tag("slow")
        void cannotFillTheMemoryOfTheHead() throws Exception {
            long most = BrokerConfiguration.FULL_BYTES >> 20;
            ActiveMQConnectionFactory factory = factory(broker);
            factory.setMinLargeMessageSize(Integer.MAX_VALUE);
            factory.setProducerWindowSize(-1);
            factory.setBlockOnNonDurableSend(false);
            try (Connection connection = factory.createConnection(node.user(), node.password());
                    Connection head = broker.local().createConnection()) {
                CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> flood(connection, most + 64));
                await().until(() -> broker.depth(QUEUES.results()) > most / 2);
                await().during(SOME_TIME).until(() -> broker.depth(QUEUES.results()) < most + SOME_MORE);

                head.start();
                Session session = head.createSession();
                MessageConsumer results = session.createConsumer(session.createQueue(QUEUES.results()));
                for (int i = 0; i < most + 64; i++) {
                    assertThat(results.receive(60_000)).as("result %d", i).isNotNull();
                }
                sent.get(60, TimeUnit.SECONDS);
            }
        }

        private static void flood(Connection connection, long mebibytes) {
            try (Session session = connection.createSession()) {
                for (int i = 0; i < mebibytes; i++) {
                    send(session, QUEUES.results(), message(session, Arrays.copyOf(MINE, 1 << 20)));
                }
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        }

        @Test
        void cannotReadResults() throws JMSException {
            assertRejects("n1:QUEUE", session -> session.createConsumer(session.createQueue(QUEUES.results())));
        }

        @Test
        void cannotBrowseRows() throws JMSException {
            assertRejects(
                    "n1:QUEUE",
                    session -> session.createBrowser(session.createQueue(QUEUES.rows()))
                            .getEnumeration());
        }

        @Test
        void cannotCreateQueues() throws JMSException {
            assertRejects("n1:PACKET", session -> session.createTemporaryQueue());
        }

        @Test
        void cannotReadQueuesOfAnotherRun() throws JMSException {
            try (EmbeddedBroker other = EmbeddedBroker.start(
                    PORTS,
                    directory.resolve("other"),
                    Queues.of("r2"),
                    (from, why) -> rejected.add(from + ":" + why))) {
                assertThatThrownBy(() -> factory(other).createConnection(node.user(), node.password()))
                        .isInstanceOf(JMSException.class);
                assertThat(rejected).contains(":CREDENTIALS");
            }
        }

        @Test
        void isDisconnectedForGoodWhenItsAccountIsRevoked() throws JMSException {
            Connection connection = connected();
            List<JMSException> broke = Collections.synchronizedList(new ArrayList<>());
            connection.setExceptionListener(broke::add);

            broker.revoke("n1");

            await().untilAsserted(() -> assertThat(broke).isNotEmpty());
            assertThatThrownBy(FrameFilterTest.this::connected).isInstanceOf(JMSException.class);
            closeIfConnected(connection);
        }

        @Test
        void cannotUseTheAccountOfTheHead() {
            ActiveMQConnectionFactory head = (ActiveMQConnectionFactory) broker.local();

            assertThatThrownBy(() -> factory(broker).createConnection(head.getUser(), head.getPassword()))
                    .as("the head's password, but from outside its JVM")
                    .isInstanceOf(JMSException.class);
        }
    }

    @Nested
    class AStranger {

        private Socket socket() throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
            socket.setSoTimeout(5_000);
            return socket;
        }

        /** Returns whether the broker has closed the connection. */
        private boolean isCut(Socket socket) throws IOException {
            try {
                return socket.getInputStream().read() < 0;
            } catch (SocketException e) {
                return true; // the broker has not read everything
            }
        }

        private byte[] packet(int length, byte type) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeBytes("ARTEMIS");
            out.writeInt(length);
            out.writeByte(type);
            return bytes.toByteArray();
        }

        private void cuts(byte[] sent) throws IOException {
            try (Socket socket = socket()) {
                socket.getOutputStream().write(sent);

                assertThat(isCut(socket)).isTrue();
                await().untilAsserted(() -> assertThat(rejected).contains(":PACKET"));
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"GET / HTTP/1.1\r\n", "POST /x HTTP/1.1\r\nContent-Length: 2000000000\r\n\r\n", "STOMP", "x"
                })
        void cannotUseAnotherProtocol(String text) throws IOException {
            cuts(text.getBytes(StandardCharsets.US_ASCII));
        }

        @ParameterizedTest
        @ValueSource(ints = {Integer.MAX_VALUE, 512 << 20, -1, 0, FrameFilter.SHORT_BYTES + 1})
        void isDisconnectedByTheLengthOfATooLongPacket(int length) throws IOException {
            cuts(packet(length, PacketImpl.CREATESESSION));
        }

        @ParameterizedTest
        @ValueSource(
                bytes = {
                    PacketImpl.SESS_SEND,
                    PacketImpl.SESS_SEND_LARGE,
                    PacketImpl.REPLICATION_APPEND,
                    PacketImpl.CREATE_QUEUE,
                    PacketImpl.CLUSTER_CONNECT,
                    PacketImpl.NODE_ANNOUNCE,
                    PacketImpl.SCALEDOWN_ANNOUNCEMENT
                })
        void cannotSendOtherPacketsBeforeTheLogin(byte type) throws IOException {
            cuts(packet(100, type));
        }

        @Test
        @Tag("slow")
        void isDisconnectedAtTheBeginningOfHalfAGigabyte() throws IOException {
            try (Socket socket = socket()) {
                OutputStream out = socket.getOutputStream();
                out.write(packet(512 << 20, PacketImpl.SESS_SEND));
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 512; i++) {
                                out.write(new byte[1 << 20]);
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
            assertThat(rejected).contains(":PACKET");
        }
    }
}
