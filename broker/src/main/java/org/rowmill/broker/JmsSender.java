package org.rowmill.broker;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.Map;

/**
 * Sends messages over a connection, to any broker. {@code MessageSenderTest} compares it with {@link DirectSender}. Used by
 * one thread.
 */
final class JmsSender implements MessageSender {

    private final Session session;
    private final MessageProducer producer;

    JmsSender(Connection connection, String queue) throws JMSException {
        this.session = connection.createSession(true, Session.SESSION_TRANSACTED);
        this.producer = session.createProducer(session.createQueue(queue));
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
    }

    @Override
    public void send(byte[] body, int priority, Map<String, String> properties) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body);
        for (Map.Entry<String, String> property : properties.entrySet()) {
            message.setStringProperty(property.getKey(), property.getValue());
        }
        producer.send(message, DeliveryMode.NON_PERSISTENT, priority, Message.DEFAULT_TIME_TO_LIVE);
    }

    @Override
    public void commit() throws JMSException {
        session.commit();
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
