package org.rowmill.consumer.work;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.connection.PrefetchPolicy;

/**
 * The loop of one slot: takes rows, has them computed, sends the results, commits. A row and its result are one
 * transaction, so that a process that dies loses no row and doubles no result. Used by the slot's thread.
 */
public final class Worker implements AutoCloseable {

    private static final long TRANSACTION_NANOS = 20_000_000;

    /** The broker lets nobody send when it has many results: those of transactions that wait for that must be few. */
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

    public Worker(BrokerLink link, RowTask task, BooleanSupplier stopping) {
        this.link = link;
        this.task = task;
        this.stopping = stopping;
    }

    /** Takes rows until it is told to stop. */
    public void work() throws JMSException, IOException {
        while (!stopping.getAsBoolean()) {
            doWork();
        }
    }

    /** Whether it is between taking a row and committing its result; asked by other threads. */
    public boolean isActive() {
        return active;
    }

    /** One transaction. */
    private void doWork() throws JMSException, IOException {
        BrokerLink.ConsumerSession open = session();
        Message message = open.rows().receive();
        active = true;
        try {
            if (message != null && !stopping.getAsBoolean()) {
                computeAll(open, message);
            } // else not committed: the row is another's
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
            // A row that may have ended a process before takes no other along after it.
            boolean full = redelivered
                    || rows >= level.rows()
                    || bytes >= TRANSACTION_BYTES
                    || System.nanoTime() - start >= TRANSACTION_NANOS;
            message = full || stopping.getAsBoolean() ? null : open.rows().receiveNoWait();
        }
        open.commit();
    }

    private boolean compute(BrokerLink.ConsumerSession open, Message message) throws JMSException, IOException {
        int deliveries = message.getIntProperty(DELIVERIES);
        RowTask.EncodedResult outcome = task.compute(BrokerLink.body(message), deliveries);
        open.send(outcome.result());
        bytes += outcome.result().length;
        prefetch.add(outcome.nanos());
        return deliveries > 1;
    }

    /** Rows fetched ahead go back to the queue when the level changes. */
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
