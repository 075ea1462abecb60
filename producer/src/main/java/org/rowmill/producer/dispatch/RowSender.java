package org.rowmill.producer.dispatch;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.Map;
import java.util.Set;
import org.rowmill.producer.inflight.Publication;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.protocol.RowMessage;

/** Sends rows to the queue of rows. Used by one thread. */
final class RowSender implements AutoCloseable {

    private static final int HIGH_PRIORITY = 9;

    private final Session session;
    private final MessageProducer producer;
    private final RowQueue queue;

    /**
     * Opens a session.
     *
     * @param connection to the broker
     * @param queue where rows go
     * @param isTransacted whether rows are visible to consumers only after {@link #commit}
     */
    RowSender(Connection connection, RowQueue queue, boolean isTransacted) throws JMSException {
        this.queue = queue;
        this.session = isTransacted
                ? connection.createSession(true, Session.SESSION_TRANSACTED)
                : connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        this.producer = session.createProducer(session.createQueue(queue.name()));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
    }

    byte[] encode(RowMessage row) {
        return queue.codec().encode(row);
    }

    void send(byte[] body) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body);
        producer.send(message);
    }

    /** Sends a row again, before the rows that no consumer has received yet. */
    void send(Publication publication) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(encode(publication.message()));
        if (!publication.avoided().isEmpty()) {
            message.setStringProperty(Queues.AVOID, Queues.avoid(publication.avoided()));
        }
        producer.send(message, DeliveryMode.NON_PERSISTENT, HIGH_PRIORITY, Message.DEFAULT_TIME_TO_LIVE);
    }

    /** Removes the messages of these rows from the queue. See {@link RowQueue#removeAll(Set)}. */
    Map<Long, Integer> takeBack(Set<Long> rows) {
        return queue.removeAll(rows);
    }

    void commit() throws JMSException {
        session.commit();
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
