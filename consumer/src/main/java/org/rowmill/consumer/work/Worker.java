package org.rowmill.consumer.work;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.connection.PrefetchPolicy;

/**
 * The loop of one slot: receives rows, computes them, sends the results and commits. A row and its result are in the
 * same transaction, so that a crash loses no row and duplicates no result. Used by the thread of the slot.
 */
public final class Worker implements AutoCloseable {

    private static final long TRANSACTION_NANOS = 20_000_000;

    /** Limits the results of transactions that wait while the broker has too many results and blocks senders. */
    private static final long TRANSACTION_BYTES = 64 << 10;

    private static final String DELIVERIES = "JMSXDeliveryCount";

    private final BrokerLink link;
    private final RowTask task;
    private final BooleanSupplier stopping;
    private final PrefetchPolicy prefetch = new PrefetchPolicy();
    private BrokerLink.@Nullable ConsumerSession session;
    private PrefetchPolicy.Level level = prefetch.level();
    private long bytes;
    private volatile boolean active;

    /**
     * Makes a worker.
     *
     * @param link opens sessions
     * @param task computes rows
     * @param stopping whether to receive no more rows
     */
    public Worker(BrokerLink link, RowTask task, BooleanSupplier stopping) {
        this.link = link;
        this.task = task;
        this.stopping = stopping;
    }

    /** Computes rows until the process stops. */
    public void work() throws JMSException, IOException {
        while (!stopping.getAsBoolean()) {
            doWork();
        }
    }

    /** Whether a row was received whose result is not committed yet. Called by other threads. */
    public boolean isActive() {
        return active;
    }

    /** Runs one transaction. */
    private void doWork() throws JMSException, IOException {
        BrokerLink.ConsumerSession open = session();
        Message message = open.receive();
        active = true;
        try {
            if (message != null && !stopping.getAsBoolean()) {
                computeAll(open, message);
            } // otherwise the row is not committed, and returns to the queue
        } finally {
            active = false;
        }
    }

    private void computeAll(BrokerLink.ConsumerSession open, Message first) throws JMSException, IOException {
        Message message = first;
        long start = System.nanoTime();
        int rows = 0;
        bytes = 0;
        while (message != null) {
            boolean redelivered = compute(open, message);
            rows++;
            // A redelivered row may crash the process again, so no other row shares its transaction.
            boolean full = redelivered
                    || rows >= level.maxTransactionRows()
                    || bytes >= TRANSACTION_BYTES
                    || System.nanoTime() - start >= TRANSACTION_NANOS;
            message = full || stopping.getAsBoolean() ? null : open.receiveNoWait();
        }
        open.commit();
    }

    private boolean compute(BrokerLink.ConsumerSession open, Message message) throws JMSException, IOException {
        int deliveries = message.getIntProperty(DELIVERIES);
        RowTask.EncodedResult result = task.compute(BrokerLink.body(message), deliveries);
        open.send(result.body());
        bytes += result.body().length;
        prefetch.add(result.nanos());
        return deliveries > 1;
    }

    /** Opens a new session if the level has changed. Prefetched rows of the old session return to the queue. */
    private BrokerLink.ConsumerSession session() throws JMSException {
        PrefetchPolicy.Level next = prefetch.next(System.nanoTime());
        BrokerLink.ConsumerSession open = session;
        if (open != null && next == level) {
            return open;
        }
        if (open != null) {
            open.close();
        }
        level = next;
        open = link.new ConsumerSession(next);
        session = open;
        return open;
    }

    @Override
    public void close() throws JMSException {
        if (session != null) {
            session.close();
        }
    }
}
