package org.rowmill.broker;

import jakarta.jms.JMSException;
import java.util.Map;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.postoffice.RoutingStatus;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Routes messages in the thread of the caller. A connection inside the JVM would wake a thread of the broker for each
 * message. Used by one thread.
 */
final class DirectSender implements MessageSender {

    /** Bytes of a message without its body. */
    private static final int HEADER_BYTES = 64;

    private final ActiveMQServer server;
    private final SimpleString queue;
    private @Nullable Transaction transaction;

    DirectSender(ActiveMQServer server, String queue) {
        this.server = server;
        this.queue = SimpleString.of(queue);
    }

    @Override
    public void send(byte[] body, int priority, Map<String, String> properties) throws JMSException {
        try {
            RoutingStatus status =
                    server.getPostOffice().route(message(body, priority, properties), transaction(), false);
            if (status != RoutingStatus.OK) {
                throw new IllegalStateException("queue " + queue + ": " + status);
            }
        } catch (Exception e) {
            throw failure(e);
        }
    }

    private CoreMessage message(byte[] body, int priority, Map<String, String> properties) {
        CoreMessage message = new CoreMessage(server.getStorageManager().generateID(), body.length + HEADER_BYTES);
        message.setAddress(queue);
        message.setRoutingType(RoutingType.ANYCAST);
        message.setType(Message.BYTES_TYPE);
        message.setDurable(false);
        message.setPriority((byte) priority);
        properties.forEach(message::putStringProperty);
        message.getBodyBuffer().writeBytes(body);
        return message;
    }

    private Transaction transaction() {
        Transaction open = transaction == null ? new TransactionImpl(server.getStorageManager()) : transaction;
        transaction = open;
        return open;
    }

    @Override
    public void commit() throws JMSException {
        end(Transaction::commit);
    }

    @Override
    public void close() throws JMSException {
        end(Transaction::rollback);
    }

    /** How a transaction ends. */
    private interface Ending {
        void end(Transaction transaction) throws Exception;
    }

    private void end(Ending ending) throws JMSException {
        Transaction open = transaction;
        if (open == null) {
            return;
        }
        transaction = null;
        try {
            ending.end(open);
        } catch (Exception e) {
            throw failure(e);
        }
    }

    private static JMSException failure(Exception cause) {
        JMSException failure = new JMSException("the broker does not accept a message: " + cause.getMessage());
        failure.initCause(cause);
        return failure;
    }
}
