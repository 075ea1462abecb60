package org.rowmill.benchmarks;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.rowmill.schemas.Threads;

/**
 * The consumer process of {@link BareLoop}. Each slot is a thread with a transacted session. It answers each row with a
 * result of the same number, and acknowledges rows and sends results in one transaction. The settings are those of
 * Rowmill's consumers at the highest prefetch level. The process ends when its standard input ends.
 */
final class BareConsumer {

    private static final int WINDOW_BYTES = 1_000 * 450;
    private static final int BATCH_DELAY_MILLIS = 2;
    private static final int NETWORK_THREADS = 2;
    private static final long TTL_MILLIS = 15_000;
    private static final long PING_MILLIS = 5_000;

    private final Session session;
    private final MessageConsumer rows;
    private final MessageProducer results;

    private BareConsumer(Connection connection) throws JMSException {
        session = BareMessages.session(connection);
        rows = session.createConsumer(session.createQueue(BareMessages.ROWS));
        results = BareMessages.producer(session, BareMessages.RESULTS);
    }

    /**
     * Answers rows until standard input ends.
     *
     * @param arguments port of the broker on 127.0.0.1, number of slots
     */
    public static void main(String[] arguments) throws JMSException, IOException {
        Connection connection = factory(Integer.parseInt(arguments[0])).createConnection();
        connection.start();
        for (int slot = 1; slot <= Integer.parseInt(arguments[1]); slot++) {
            BareConsumer consumer = new BareConsumer(connection);
            Threads.startDaemon("bare-slot-" + slot, consumer::work);
        }
        while (System.in.read() >= 0) {
            // The head sends nothing. The end of the input is the end of the head, or of the run.
        }
        System.exit(0);
    }

    private static ActiveMQConnectionFactory factory(int port) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("host", "127.0.0.1");
        parameters.put("port", port);
        parameters.put("useEpoll", false);
        parameters.put("useKQueue", false);
        parameters.put("remotingThreads", NETWORK_THREADS);
        parameters.put("batchDelay", BATCH_DELAY_MILLIS);
        ActiveMQConnectionFactory factory = ActiveMQJMSClient.createConnectionFactoryWithoutHA(
                JMSFactoryType.CF, new TransportConfiguration(NettyConnectorFactory.class.getName(), parameters));
        factory.setConsumerWindowSize(WINDOW_BYTES);
        factory.setConnectionTTL(TTL_MILLIS);
        factory.setClientFailureCheckPeriod(PING_MILLIS);
        factory.setReconnectAttempts(0);
        factory.setMinLargeMessageSize(Integer.MAX_VALUE);
        return factory;
    }

    /** Runs transactions. An error ends the process, because fewer slots would measure something else. */
    private void work() {
        try {
            for (Message row = rows.receive(); row != null; row = rows.receive()) {
                answerAll(row);
            }
        } catch (JMSException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** Runs one transaction: all rows that are there, up to the maximum. */
    private void answerAll(Message first) throws JMSException {
        int answered = 0;
        Message row = first;
        while (row != null) {
            BareMessages.send(session, results, BareMessages.row(row), BareMessages.RESULT_BYTES);
            answered++;
            row = answered < BareMessages.TRANSACTION_ROWS ? rows.receiveNoWait() : null;
        }
        session.commit();
    }
}
