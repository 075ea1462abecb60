package org.rowmill.producer;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rowmill.schemas.Heartbeat;

/** The consumers as their heartbeats tell them. Thread-safe. */
final class Nodes {

    private final Map<String, Heartbeat> latest = new ConcurrentHashMap<>();
    private final Console console;

    Nodes(Console console) {
        this.console = console;
    }

    /** Listens to the heartbeats, on a thread of the connection's. */
    void listen(Connection connection, String queue) throws JMSException {
        Session session = connection.createSession(false, Session.DUPS_OK_ACKNOWLEDGE);
        session.createConsumer(session.createQueue(queue)).setMessageListener(this::handle);
    }

    /** A node's consumer is no longer there. */
    void remove(String node) {
        latest.remove(node);
    }

    /** The latest of each, by name. */
    List<Heartbeat> all() {
        return latest.values().stream()
                .sorted(Comparator.comparing(Heartbeat::node))
                .toList();
    }

    int slots() {
        return latest.values().stream().mapToInt(Heartbeat::slots).sum();
    }

    int busy() {
        return latest.values().stream().mapToInt(Heartbeat::busy).sum();
    }

    private void handle(Message message) {
        try {
            BytesMessage bytes = (BytesMessage) message;
            byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
            bytes.readBytes(body);
            Heartbeat heartbeat = Heartbeat.decode(body);
            latest.put(heartbeat.node(), heartbeat);
        } catch (JMSException | IOException e) {
            console.warn("a heartbeat that cannot be read is dropped: " + e.getMessage());
        }
    }
}
