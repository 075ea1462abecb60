package org.rowmill.benchmarks;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.ByteBuffer;

/**
 * The messages of {@link BareLoop}: bytes that begin with the number of the row. They have as many bytes as the
 * messages of a row of a table with one {@code int} as index and one {@code long} column, which is the table of
 * {@code ops/bench noop}, after row number 65,535.
 */
final class BareMessages {

    /** Name of the queue of rows. */
    static final String ROWS = "bare.rows";

    /** Name of the queue of results. */
    static final String RESULTS = "bare.results";

    /** Maximum number of messages in a transaction. */
    static final int TRANSACTION_ROWS = 256;

    /** Bytes of the body of a row. */
    static final int ROW_BYTES = 35;

    /** Bytes of the body of a result. */
    static final int RESULT_BYTES = 49;

    private BareMessages() {}

    /** Opens a transacted session. */
    static Session session(Connection connection) throws JMSException {
        return connection.createSession(true, Session.SESSION_TRANSACTED);
    }

    /** Makes a producer with the settings of Rowmill. */
    static MessageProducer producer(Session session, String queue) throws JMSException {
        MessageProducer producer = session.createProducer(session.createQueue(queue));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
        return producer;
    }

    /** Sends a message in the session's transaction. */
    static void send(Session session, MessageProducer producer, int row, int bytes) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(ByteBuffer.allocate(bytes).putInt(row).array());
        producer.send(message);
    }

    /**
     * Reads the whole body.
     *
     * @return the number of the row, as somebody sent it
     */
    static int row(Message message) throws JMSException {
        BytesMessage bytes = (BytesMessage) message;
        byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
        bytes.readBytes(body);
        return ByteBuffer.wrap(body).getInt();
    }
}
