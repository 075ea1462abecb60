package org.rowmill.producer.dispatch;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.Optional;
import java.util.Set;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.protocol.RowMessage;

/** Sends rows to the queue of rows. Used by one thread. */
final class RowSender implements Retries.Sender, AutoCloseable {

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

    @Override
    public void send(RowMessage row, Optional<String> avoidedNode) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(encode(row));
        if (avoidedNode.isPresent()) {
            message.setStringProperty(Queues.AVOID, Queues.avoid(Set.of(avoidedNode.get())));
        }
        producer.send(message);
    }

    @Override
    public boolean takeBack(long row) {
        return queue.remove(row);
    }

    void commit() throws JMSException {
        session.commit();
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
