package org.rowmill.producer.dispatch;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.Optional;
import org.rowmill.producer.plan.PlannedRow;

/**
 * Receives results until no row is in flight. Acknowledges results only after the part that contains them is on the
 * disk. Used by one thread.
 */
final class Collector implements AutoCloseable {

    private static final long RECEIVE_MILLIS = 20;

    private final Session session;
    private final MessageConsumer consumer;
    private final Rows rows;
    private final ResultFilter filter;
    private final RowCompletion completion;
    private final ResultWriter results;
    private final LostRowDetector lostRows;
    private int unacknowledged;
    private long unacknowledgedBytes;

    /**
     * The rows that results belong to.
     *
     * @param inFlight the rows in flight
     * @param retries publishes failed and lost rows again
     * @param report reports lost rows
     */
    record Rows(InFlightRows inFlight, Retries retries, TableReport report) {}

    /**
     * Opens a session.
     *
     * @param connection to the broker
     * @param queue name of the queue of results
     * @param rows the rows that results belong to
     * @param filter rejects invalid results
     * @param completion decides what happens to rows
     * @param results publishes parts
     * @param lostRows detects lost rows
     */
    Collector(
            Connection connection,
            String queue,
            Rows rows,
            ResultFilter filter,
            RowCompletion completion,
            ResultWriter results,
            LostRowDetector lostRows)
            throws JMSException {
        this.session = connection.createSession(true, Session.SESSION_TRANSACTED);
        this.consumer = session.createConsumer(session.createQueue(queue));
        this.rows = rows;
        this.filter = filter;
        this.completion = completion;
        this.results = results;
        this.lostRows = lostRows;
    }

    /**
     * Collects until no row is in flight and no more rows will be published.
     *
     * @param betweenResults called again and again; it may stop the run
     * @throws IOException if a part cannot be written; parts published before are safe
     */
    void collectAll(Runnable betweenResults) throws JMSException, IOException, InterruptedException {
        while (!rows.inFlight().isFinished()) {
            Message message = consumer.receive(RECEIVE_MILLIS);
            long nanos = System.nanoTime();
            if (message != null) {
                handle((BytesMessage) message, nanos);
            }
            completion.addCrashes(nanos);
            rows.retries().publishDue(nanos);
            if (lostRows.areRowsLost(rows.inFlight().counts(), unacknowledged, nanos)) {
                publishLostRows();
            }
            results.forceJournalIfDue();
            betweenResults.run();
            if (results.isPartDue(unacknowledgedBytes, nanos)) {
                publish();
            }
        }
        publish();
    }

    private void handle(BytesMessage message, long nanos) throws JMSException {
        byte[] body = new byte[Math.toIntExact(message.getBodyLength())];
        message.readBytes(body);
        unacknowledged++;
        unacknowledgedBytes += body.length;
        filter.accept(body).ifPresent(result -> completion.add(result, nanos));
    }

    private void publishLostRows() throws JMSException {
        int published = 0;
        for (long number : rows.inFlight().numbers()) {
            Optional<PlannedRow> row = rows.inFlight().find(number);
            published += row.isPresent() && rows.retries().publishLost(number, row.get()) ? 1 : 0;
        }
        rows.report().requeued(published);
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
