package org.rowmill.broker;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.protocol.Queues;

/** The selector by which nodes receive rows, with a real broker. */
class AvoidedNodesTest {

    private static final PortRange PORTS = new PortRange(21_000, 500);
    private static final Queues QUEUES = Queues.of("r1");

    /** Names that contain or resemble each other, and characters that mean something in a selector. */
    private static final List<String> NAMES =
            List.of("a", "A", "aa", "aa.a", ".", "%", "_", "a_", "'", "o'a", "\\", "a b", "n\u00f6de", "::1", "6");

    @TempDir
    private Path directory;

    @Test
    void aNodeReceivesAllRowsExceptThoseThatAvoidIt() throws JMSException {
        List<Set<String>> avoided = new ArrayList<>(List.of(Set.of(), new TreeSet<>(NAMES)));
        NAMES.forEach(name -> avoided.add(Set.of(name)));
        NAMES.forEach(name -> avoided.add(Set.of(name, "another")));
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(PORTS, directory.resolve("broker"), QUEUES, (node, why) -> {});
                Connection head = broker.local().createConnection()) {
            head.start();
            Session session = head.createSession();
            for (String name : NAMES) {
                avoided.forEach(nodes -> send(session, nodes));
                send(session, null);

                assertThat(received(session, Queues.rowsFor(name)))
                        .as("rows for %s", name)
                        .containsExactlyElementsOf(expected(avoided, name));
                received(session, null);
            }
        }
    }

    private static List<String> expected(List<Set<String>> avoided, String name) {
        List<String> expected = new ArrayList<>();
        avoided.stream().filter(nodes -> !nodes.contains(name)).forEach(nodes -> expected.add(nodes.toString()));
        expected.add("null");
        return expected;
    }

    private static void send(Session session, @Nullable Set<String> avoided) {
        try (MessageProducer producer = session.createProducer(session.createQueue(QUEUES.rows()))) {
            Message message = session.createTextMessage(String.valueOf(avoided));
            if (avoided != null) {
                message.setStringProperty(Queues.AVOID, Queues.avoid(avoided));
            }
            producer.send(message);
        } catch (JMSException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> received(Session session, @Nullable String selector) throws JMSException {
        List<String> bodies = new ArrayList<>();
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUES.rows()), selector)) {
            for (Message row = consumer.receiveNoWait(); row != null; row = consumer.receiveNoWait()) {
                bodies.add(row.getBody(String.class));
            }
        }
        return bodies;
    }
}
