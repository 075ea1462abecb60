package org.rowmill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.protocol.Queues;

/** A real broker with connections of the head and of consumers. */
class EmbeddedBrokerTest {

    private static final PortRange PORTS = new PortRange(21_000, 500);
    private static final Queues QUEUES = Queues.of("r1");
    private static final long RECEIVE_MILLIS = 10_000;
    private static final Duration SOME_TIME = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private EmbeddedBroker start() {
        return EmbeddedBroker.start(PORTS, directory.resolve("broker"), QUEUES, (node, why) -> {});
    }

    private static ConnectionFactory tcp(EmbeddedBroker broker) {
        ActiveMQConnectionFactory factory = ActiveMQJMSClient.createConnectionFactoryWithoutHA(
                JMSFactoryType.CF,
                new TransportConfiguration(
                        NettyConnectorFactory.class.getName(), Map.of("host", "127.0.0.1", "port", broker.port())));
        factory.setMinLargeMessageSize(Integer.MAX_VALUE);
        return factory;
    }

    private static Credentials accounts(EmbeddedBroker broker) {
        return broker.admit("n1", Map.of(QUEUES.results(), new byte[0]));
    }

    private static Connection connected(EmbeddedBroker broker) throws JMSException {
        Credentials accounts = accounts(broker);
        Connection connection = tcp(broker).createConnection(accounts.user(), accounts.password());
        connection.start();
        return connection;
    }

    private static void send(Session session, String queue, byte[]... bodies) throws JMSException {
        MessageProducer producer = session.createProducer(session.createQueue(queue));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        for (byte[] body : bodies) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(body);
            producer.send(message);
        }
    }

    private static byte[] receive(Session session, String queue) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            return body(consumer.receive(RECEIVE_MILLIS));
        }
    }

    private static byte[] body(Message message) throws JMSException {
        BytesMessage bytes = (BytesMessage) message;
        byte[] body = new byte[(int) bytes.getBodyLength()];
        bytes.readBytes(body);
        return body;
    }

    @Test
    void theHeadSendsInsideTheJvmAndAConsumerReceivesByTcp() throws JMSException {
        try (EmbeddedBroker broker = start();
                Connection head = broker.local().createConnection();
                Connection consumer = connected(broker)) {
            send(head.createSession(), QUEUES.rows(), new byte[] {1, 2, 3});

            assertThat(receive(consumer.createSession(), QUEUES.rows())).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aRowOfALostConsumerIsRedelivered() throws JMSException {
        try (EmbeddedBroker broker = start();
                Connection head = broker.local().createConnection()) {
            head.start();
            send(head.createSession(), QUEUES.rows(), new byte[] {7});
            try (Connection dying = connected(broker)) {
                Session session = dying.createSession(true, Session.SESSION_TRANSACTED);
                assertThat(receive(session, QUEUES.rows())).containsExactly(7);
                send(session, QUEUES.results(), new byte[] {8});
            }

            Session session = head.createSession();
            Message again =
                    session.createConsumer(session.createQueue(QUEUES.rows())).receive(RECEIVE_MILLIS);
            assertThat(body(again)).containsExactly(7);
            assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
            assertThat(broker.depth(QUEUES.results()))
                    .as("a result that was not committed")
                    .isZero();
        }
    }

    @Test
    @Tag("slow")
    void aSenderOfTooManyResultsWaitsAndNothingIsLost() throws Exception {
        int messages = 500;
        long most = BrokerConfiguration.QUEUE_BYTES / 200_000;
        try (EmbeddedBroker broker = start();
                Connection head = broker.local().createConnection();
                Connection node = connected(broker)) {
            head.start();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendNumbered(node, messages, 200_000));
            await().until(() -> broker.depth(QUEUES.results()) > most / 2);
            await().during(SOME_TIME).until(() -> !sent.isDone() && broker.depth(QUEUES.results()) < most + 10);

            Session session = head.createSession();
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUES.results()));
            for (int i = 0; i < messages; i++) {
                assertThat(ByteBuffer.wrap(body(consumer.receive(RECEIVE_MILLIS)))
                                .getInt())
                        .isEqualTo(i);
            }
            sent.get(RECEIVE_MILLIS, TimeUnit.MILLISECONDS);
        }
        assertThat(directory.resolve("broker")).doesNotExist();
    }

    private static void sendNumbered(Connection connection, int messages, int bytes) {
        try (Session session = connection.createSession()) {
            for (int i = 0; i < messages; i++) {
                send(
                        session,
                        QUEUES.results(),
                        ByteBuffer.allocate(bytes).putInt(i).array());
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void waitingMessagesCanBeRemovedByTheirBody() throws JMSException {
        try (EmbeddedBroker broker = start();
                Connection head = broker.local().createConnection()) {
            send(head.createSession(), QUEUES.rows(), new byte[] {1}, new byte[] {2}, new byte[] {3});
            await().until(() ->
                    broker.depth(QUEUES.rows()) == 3); // sending does not wait for messages that are not persistent

            assertThat(broker.removeWaiting(QUEUES.rows(), body -> body[0] >= 2))
                    .isEqualTo(2);

            assertThat(broker.depth(QUEUES.rows())).isEqualTo(1);
        }
    }

    @Nested
    class Strangers {

        @Test
        void needThePassword() {
            try (EmbeddedBroker broker = start()) {
                assertThatThrownBy(() ->
                                tcp(broker).createConnection(accounts(broker).user(), "guess"))
                        .isInstanceOf(JMSSecurityException.class);
                assertThatThrownBy(() -> tcp(broker).createConnection()).isInstanceOf(JMSSecurityException.class);
                assertThatThrownBy(() -> tcp(broker).createConnection("ACTIVEMQ.CLUSTER.ADMIN.USER", "CHANGE ME!!"))
                        .isInstanceOf(JMSSecurityException.class);
            }
        }

        @Test
        void cannotUseOtherQueues() throws JMSException {
            try (EmbeddedBroker broker = start();
                    Connection connection = connected(broker)) {
                Session session = connection.createSession();

                assertThatThrownBy(() -> send(session, "rowmill.r2.rows", new byte[] {1}))
                        .isInstanceOf(JMSException.class);
                assertThatThrownBy(() -> session.createConsumer(session.createQueue("activemq.management")))
                        .isInstanceOf(JMSException.class);
            }
        }

        @Test
        void cannotConnectFromOtherComputers() throws IOException {
            try (EmbeddedBroker broker = start()) {
                for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                    for (InetAddress address : Collections.list(network.getInetAddresses())) {
                        if (!address.isLoopbackAddress() && address instanceof Inet4Address) {
                            assertThatThrownBy(() -> new Socket(address, broker.port()))
                                    .isInstanceOf(ConnectException.class);
                        }
                    }
                }
            }
        }

        @Test
        void cannotUseThePasswordOfAnotherRun() {
            try (EmbeddedBroker one = start();
                    EmbeddedBroker two =
                            EmbeddedBroker.start(PORTS, directory.resolve("two"), QUEUES, (node, why) -> {})) {
                assertThat(accounts(one).password())
                        .as("hexadecimal digits of 128 bits or more")
                        .hasSizeGreaterThanOrEqualTo(32)
                        .isNotEqualTo(accounts(two).password())
                        .isNotEqualTo(accounts(one).password());
                assertThat(accounts(one).user()).isNotEqualTo(accounts(two).user());
            }
        }
    }

    @Nested
    class Ports {

        @Test
        void aPortInUseIsSkipped() {
            try (EmbeddedBroker first = start();
                    EmbeddedBroker second = EmbeddedBroker.start(
                            new PortRange(first.port(), 50),
                            directory.resolve("second"),
                            Queues.of("r2"),
                            (node, why) -> {})) {
                assertThat(second.port()).isBetween(first.port() + 1, first.port() + 49);
            }
        }

        @Test
        void ifNoneIsFreeTheErrorNamesTheHolder() throws IOException {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                PortRange range = new PortRange(taken.getLocalPort(), 1);

                assertThatThrownBy(() ->
                                EmbeddedBroker.start(range, directory.resolve("broker"), QUEUES, (node, why) -> {}))
                        .isInstanceOf(WrongInput.class)
                        .hasMessageContaining("port " + taken.getLocalPort())
                        .hasMessageContaining("pid " + ProcessHandle.current().pid())
                        .hasMessageContaining("--port");
                assertThat(directory.resolve("broker")).doesNotExist();
            }
        }

        @Test
        void areFreeAfterTheBrokerIsClosed() throws IOException {
            EmbeddedBroker broker = start();
            broker.close();

            new ServerSocket(broker.port(), 1, InetAddress.getLoopbackAddress()).close();
        }

        @Test
        void areCountedFromTheFirstOfTheRange() {
            assertThat(new PortRange(11_000, 500).last()).isEqualTo(11_499);
            assertThat(new PortRange(65_535, 1)).hasToString("port 65535");
            assertThat(new PortRange(11_000, 2)).hasToString("ports 11000 to 11001");
            assertThatThrownBy(() -> new PortRange(0, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new PortRange(1, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new PortRange(65_535, 2)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
