package org.rowmill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rowmill.schemas.protocol.Queues;

/** Both senders behave alike: the one of the embedded broker, and the one that works with any broker. */
@Tag("slow")
class MessageSenderTest {

    private static final Queues QUEUES = Queues.of("r1");
    private static final long RECEIVE_MILLIS = 10_000;

    @TempDir
    private Path directory;

    private EmbeddedBroker broker;
    private Connection connection;

    enum Kind {
        DIRECT,
        OVER_JMS
    }

    @BeforeEach
    void start() throws JMSException {
        broker = EmbeddedBroker.start(
                new PortRange(21_000, 500), directory.resolve("broker"), QUEUES, (node, why) -> {});
        connection = broker.local().createConnection();
        connection.start();
    }

    @AfterEach
    void stop() throws JMSException {
        connection.close();
        broker.close();
    }

    private MessageSender sender(Kind kind) throws JMSException {
        return sender(kind, QUEUES.rows());
    }

    private MessageSender sender(Kind kind, String queue) throws JMSException {
        return kind == Kind.DIRECT ? broker.sender(queue) : new JmsSender(connection, queue);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Receives all messages that wait and match. */
    private List<String> received(String selector) throws JMSException {
        List<String> texts = new ArrayList<>();
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUES.rows()), selector)) {
            BytesMessage message = (BytesMessage) consumer.receiveNoWait();
            while (message != null) {
                byte[] body = new byte[(int) message.getBodyLength()];
                message.readBytes(body);
                texts.add(new String(body, StandardCharsets.UTF_8));
                message = (BytesMessage) consumer.receiveNoWait();
            }
        }
        return texts;
    }

    @ParameterizedTest
    @EnumSource
    void messagesArriveInOrderAfterTheCommit(Kind kind) throws JMSException {
        try (MessageSender sender = sender(kind)) {
            for (int i = 0; i < 300; i++) {
                sender.send(bytes("row " + i));
            }
            assertThat(received("TRUE")).isEmpty();

            sender.commit();

            assertThat(received("TRUE"))
                    .hasSize(300)
                    .startsWith("row 0", "row 1")
                    .endsWith("row 299");
            sender.commit();
            assertThat(broker.depth(QUEUES.rows())).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesThatAreNotCommittedAreLost(Kind kind) throws JMSException {
        try (MessageSender sender = sender(kind)) {
            sender.send(bytes("row"));
        }

        assertThat(broker.depth(QUEUES.rows())).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void priorityAndPropertiesDecideWhoReceivesWhat(Kind kind) throws JMSException {
        try (MessageSender sender = sender(kind)) {
            sender.send(bytes("first"));
            sender.send(new byte[0], MessageSender.NORMAL_PRIORITY, Map.of());
            sender.send(bytes("again"), 9, Map.of());
            sender.send(bytes("avoids"), 9, Map.of("avoid", "n1"));
            sender.commit();
        }

        assertThat(received("avoid IS NULL")).containsExactly("again", "first", "");
        assertThat(received("avoid = 'n1'")).containsExactly("avoids");
    }

    @ParameterizedTest
    @EnumSource
    void aWaitingConsumerReceivesTheMessage(Kind kind) throws JMSException {
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUES.rows()));
                MessageSender sender = sender(kind)) {
            sender.send(bytes("row"));
            sender.commit();

            assertThat(consumer.receive(RECEIVE_MILLIS)).isInstanceOf(BytesMessage.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageForAnUnknownQueueIsAnError(Kind kind) {
        assertThatThrownBy(() -> {
                    try (MessageSender sender = sender(kind, "nowhere")) {
                        sender.send(bytes("row"));
                        sender.commit();
                    }
                })
                .isInstanceOf(JMSException.class);
    }
}
