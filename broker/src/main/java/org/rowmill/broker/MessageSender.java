package org.rowmill.broker;

import jakarta.jms.JMSException;
import java.util.Map;

/** Sends messages to one queue, in transactions. Used by one thread. */
public interface MessageSender extends AutoCloseable {

    /** The priority of messages that do not name one. */
    int NORMAL_PRIORITY = 4;

    /**
     * Sends a message of normal priority. Consumers receive it after {@link #commit}.
     *
     * @param body body of the message
     */
    default void send(byte[] body) throws JMSException {
        send(body, NORMAL_PRIORITY, Map.of());
    }

    /**
     * Sends a message. Consumers receive it after {@link #commit}.
     *
     * @param body body of the message
     * @param priority 0 to 9; consumers receive messages of a higher priority first
     * @param properties properties of the message, which selectors can use
     */
    void send(byte[] body, int priority, Map<String, String> properties) throws JMSException;

    /** Delivers the messages that were sent since the last call. */
    void commit() throws JMSException;

    /** Ends the sender. Messages that were not committed are lost. */
    @Override
    void close() throws JMSException;
}
