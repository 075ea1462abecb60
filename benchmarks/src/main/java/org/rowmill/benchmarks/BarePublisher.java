package org.rowmill.benchmarks;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Publishes the rows of {@link BareLoop}, and waits while too many are in flight. Used by one thread. */
final class BarePublisher implements Callable<Integer> {

    private static final int MAX_ROWS_IN_FLIGHT = 8_192;
    private static final long WAIT_SECONDS = 60;

    private final Session session;
    private final MessageProducer producer;
    private final int rows;
    private final Semaphore room = new Semaphore(MAX_ROWS_IN_FLIGHT);

    /**
     * Opens a session.
     *
     * @param connection to the broker
     * @param rows number of rows
     */
    BarePublisher(Connection connection, int rows) throws JMSException {
        this.session = BareMessages.session(connection);
        this.producer = BareMessages.producer(session, BareMessages.ROWS);
        this.rows = rows;
    }

    /** Records that rows are no longer in flight. Called by another thread. */
    void release(int count) {
        room.release(count);
    }

    /** Publishes all rows. Returns their number. */
    @Override
    public Integer call() throws JMSException, InterruptedException {
        for (int first = 0; first < rows; first += BareMessages.TRANSACTION_ROWS) {
            int count = Math.min(rows - first, BareMessages.TRANSACTION_ROWS);
            if (!room.tryAcquire(count, WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no row has come back for " + WAIT_SECONDS + " s");
            }
            publish(first, count);
        }
        return rows;
    }

    /** Publishes one transaction. */
    private void publish(int first, int count) throws JMSException {
        for (int i = 0; i < count; i++) {
            BareMessages.send(session, producer, first + i, BareMessages.ROW_BYTES);
        }
        session.commit();
    }
}
