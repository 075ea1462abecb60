package org.rowmill.consumer.connection;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.tls.ParameterSslContext;

/**
 * The connections to the broker. The size of the prefetch window belongs to a connection, so there is one connection
 * for each level in use. They end with the process. Thread-safe.
 */
public final class BrokerLink {

    private static final long TTL_MILLIS = 15_000;
    private static final long PING_MILLIS = 5_000;

    private final ConsumerSettings settings;
    private final Queues queues;
    private final ExceptionListener lost;
    private final String selector;
    private final Map<PrefetchPolicy.Level, Connection> connections = new EnumMap<>(PrefetchPolicy.Level.class);

    /**
     * Makes a link without a connection.
     *
     * @param settings address and password of the broker
     * @param lost called if a connection is lost
     */
    public BrokerLink(ConsumerSettings settings, ExceptionListener lost) {
        this.settings = settings;
        this.queues = Queues.of(settings.run());
        this.lost = lost;
        this.selector = Queues.rowsFor(settings.node());
    }

    /** A transacted session that receives rows and sends results. Used by one thread at a time. */
    public final class ConsumerSession implements AutoCloseable {
        private final Session session;
        private final MessageConsumer rows;
        private final MessageProducer results;

        /** Opens a session. */
        public ConsumerSession(PrefetchPolicy.Level level) throws JMSException {
            session = connection(level).createSession(true, Session.SESSION_TRANSACTED);
            rows = session.createConsumer(session.createQueue(queues.rows()), selector);
            results = producer(session, queues.results());
        }

        /** Waits for a row. Returns null if the session is closed. */
        public @Nullable Message receive() throws JMSException {
            return rows.receive();
        }

        /** Receives a row without waiting. Returns null if there is none. */
        public @Nullable Message receiveNoWait() throws JMSException {
            return rows.receiveNoWait();
        }

        /**
         * Returns the prefetched rows to the broker, and receives no more. They count as not delivered. The rows that
         * were received, and their results, stay in the transaction. Another thread may call this while the thread of
         * the session does nothing with it.
         */
        public void returnPrefetched() throws JMSException {
            rows.close();
        }

        /** Sends a result. It arrives when the transaction is committed. */
        public void send(byte[] result) throws JMSException {
            BrokerLink.send(session, results, result);
        }

        /** Acknowledges the rows and delivers the results, in one transaction. */
        public void commit() throws JMSException {
            session.commit();
        }

        @Override
        public void close() throws JMSException {
            session.close();
        }
    }

    /** A session that sends heartbeats. Used by one thread. */
    public final class HeartbeatSession {
        private final Session session;
        private final MessageProducer nodes;

        /** Opens a session. */
        public HeartbeatSession() throws JMSException {
            session = connection(PrefetchPolicy.Level.SINGLE).createSession(false, Session.AUTO_ACKNOWLEDGE);
            nodes = producer(session, queues.nodes());
        }

        /** Sends a heartbeat. */
        public void send(byte[] heartbeat) throws JMSException {
            BrokerLink.send(session, nodes, heartbeat);
        }
    }

    /** Returns the connection for a level. Connects if there is none. */
    public synchronized Connection connection(PrefetchPolicy.Level level) throws JMSException {
        Connection connection = connections.get(level);
        if (connection == null) {
            connection = factory(level)
                    .createConnection(
                            settings.broker().user(), settings.broker().password());
            connections.put(level, connection);
            connection.setExceptionListener(lost);
            connection.start();
        }
        return connection;
    }

    private ActiveMQConnectionFactory factory(PrefetchPolicy.Level level) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("host", settings.broker().host());
        parameters.put("port", settings.broker().port());
        parameters.put("useEpoll", false);
        parameters.put("useKQueue", false);
        parameters.put("remotingThreads", 2);
        parameters.put("batchDelay", level.batchDelayMillis());
        settings.broker().certificate().ifPresent(pinned -> {
            parameters.put("verifyHost", false); // the certificate is compared instead of its name
            ParameterSslContext.enableTls(parameters, Pinned.context(pinned));
        });
        ActiveMQConnectionFactory factory = ActiveMQJMSClient.createConnectionFactoryWithoutHA(
                JMSFactoryType.CF, new TransportConfiguration(NettyConnectorFactory.class.getName(), parameters));
        factory.setConsumerWindowSize(level.windowBytes());
        factory.setConnectionTTL(TTL_MILLIS);
        factory.setClientFailureCheckPeriod(PING_MILLIS);
        factory.setReconnectAttempts(0);
        // As large messages they would need many small packets and files. The broker can page normal messages too.
        factory.setMinLargeMessageSize(Integer.MAX_VALUE);
        return factory;
    }

    private static MessageProducer producer(Session session, String queue) throws JMSException {
        MessageProducer producer = session.createProducer(session.createQueue(queue));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
        return producer;
    }

    private static void send(Session session, MessageProducer producer, byte[] body) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body);
        producer.send(message);
    }

    /** Returns the body of a bytes message. */
    public static byte[] body(Message message) throws JMSException {
        BytesMessage bytes = (BytesMessage) message;
        byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
        bytes.readBytes(body);
        return body;
    }
}
