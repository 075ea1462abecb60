package org.rowmill.producer.dispatch;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;

/**
 * Receives results until no row is in flight. Acknowledges results only after the part that contains them is on the
 * disk. Used by one thread.
 */
final class Collector implements AutoCloseable {

    private static final long RECEIVE_MILLIS = 20;

    private final Session session;
    private final MessageConsumer consumer;
    private final RowEvents events;
    private final ResultWriter results;
    private int unacknowledged;
    private long unacknowledgedBytes;

    /**
     * Opens a session.
     *
     * @param connection to the broker
     * @param queue name of the queue of results
     * @param events what happens to the rows
     * @param results publishes parts
     */
    Collector(Connection connection, String queue, RowEvents events, ResultWriter results) throws JMSException {
        this.session = connection.createSession(true, Session.SESSION_TRANSACTED);
        this.consumer = session.createConsumer(session.createQueue(queue));
        this.events = events;
        this.results = results;
    }

    /**
     * Collects until no row is in flight and no more rows will be published.
     *
     * @param betweenResults called again and again; it may stop the run
     * @throws IOException if a part cannot be written; parts published before are safe
     */
    void collectAll(Runnable betweenResults) throws JMSException, IOException, InterruptedException {
        while (!events.haveEnded()) {
            Message message = consumer.receive(RECEIVE_MILLIS);
            long nanos = System.nanoTime();
            if (message != null) {
                events.result(body((BytesMessage) message), nanos);
            }
            events.timePassed(unacknowledged, nanos);
            results.forceJournalIfDue();
            betweenResults.run();
            if (results.isPartDue(unacknowledgedBytes, nanos)) {
                publish();
            }
        }
        publish();
    }

    private byte[] body(BytesMessage message) throws JMSException {
        byte[] body = new byte[Math.toIntExact(message.getBodyLength())];
        message.readBytes(body);
        unacknowledged++;
        unacknowledgedBytes += body.length;
        return body;
    }

    private void publish() throws IOException, JMSException, InterruptedException {
        results.publish();
        if (unacknowledged > 0) {
            session.commit();
            unacknowledged = 0;
            unacknowledgedBytes = 0;
        }
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
