package org.rowmill.consumer.work;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.connection.PrefetchPolicy;
import org.rowmill.schemas.protocol.ResultMessage;

/**
 * The loop of one slot: receives rows, computes them, sends the results and commits. A row and its result are in the
 * same transaction, so that a crash loses no row and duplicates no result. Used by the thread of the slot, except for
 * {@link #isActive} and {@link #returnPrefetched}.
 */
public final class Worker implements AutoCloseable {

    private static final long TRANSACTION_NANOS = 20_000_000;

    /** Limits the results of transactions that wait while the broker has too many results and blocks senders. */
    private static final long TRANSACTION_BYTES = 64 << 10;

    private static final String DELIVERIES = "JMSXDeliveryCount";

    private final BrokerLink link;
    private final RowTask task;
    private final RowGate gate;
    private final BooleanSupplier stopping;
    private final PrefetchPolicy prefetch = new PrefetchPolicy();
    private final PrefetchReturn prefetchReturn = new PrefetchReturn();
    private BrokerLink.@Nullable ConsumerSession session;
    private PrefetchPolicy.Level level = prefetch.level();
    private boolean isReceiving;
    private long bytes;
    private volatile boolean active;

    /**
     * Makes a worker.
     *
     * @param link opens sessions
     * @param task computes rows
     * @param gate whether rows may begin; the same as that of the task
     * @param stopping whether to receive no more rows
     */
    public Worker(BrokerLink link, RowTask task, RowGate gate, BooleanSupplier stopping) {
        this.link = link;
        this.task = task;
        this.gate = gate;
        this.stopping = stopping;
    }

    /** Computes rows until the process stops. */
    public void work() throws JMSException, IOException {
        while (!stopping.getAsBoolean()) {
            if (gate.isOpen()) {
                doWork();
            } else {
                awaitOpenGate();
            }
        }
    }

    /** Whether the slot does something else than wait for a row. Called by other threads. */
    public boolean isActive() {
        return active;
    }

    /**
     * Returns prefetched rows to the broker if the slot has not come to them for longer than a second. Called by
     * another thread.
     *
     * @param nanos the time
     */
    public void returnPrefetched(long nanos) throws JMSException {
        prefetchReturn.check(nanos);
    }

    /** Waits before a row is received: a row in this slot would wait too, and other nodes would not get it. */
    private void awaitOpenGate() {
        leave();
        gate.awaitOpen();
        comeBack();
    }

    /** Runs one transaction. */
    private void doWork() throws JMSException, IOException {
        BrokerLink.ConsumerSession open = session();
        Message message = receive(open);
        if (message != null && !stopping.getAsBoolean()) {
            computeAll(open, message);
        } // otherwise the row is not committed, and returns to the queue
    }

    /** The process may end while its slots only wait for rows. */
    private @Nullable Message receive(BrokerLink.ConsumerSession open) throws JMSException {
        active = false;
        try {
            return open.receive();
        } finally {
            active = true;
        }
    }

    private void computeAll(BrokerLink.ConsumerSession open, Message first) throws JMSException, IOException {
        Message message = first;
        long start = System.nanoTime();
        int rows = 0;
        bytes = 0;
        while (message != null) {
            compute(open, message);
            rows++;
            boolean isComplete = rows >= level.maxTransactionRows()
                    || bytes >= TRANSACTION_BYTES
                    || System.nanoTime() - start >= TRANSACTION_NANOS
                    || !isReceiving
                    || !gate.isOpen() // the results would wait with the next row
                    || stopping.getAsBoolean();
            message = isComplete ? null : open.receiveNoWait();
        }
        open.commit();
    }

    private void compute(BrokerLink.ConsumerSession open, Message message) throws JMSException, IOException {
        byte[] body = BrokerLink.body(message);
        boolean isRedelivered = message.getIntProperty(DELIVERIES) > 1;
        RowTask.EncodedResult result;
        leave();
        try {
            result = task.answer(body, isRedelivered);
        } finally {
            comeBack();
        }
        open.send(result.body());
        bytes += result.body().length;
        if (result.kind() == ResultMessage.Kind.COMPUTED) {
            prefetch.add(result.nanos());
        }
    }

    /** Until {@link #comeBack}, another thread may return the prefetched rows of the session. */
    private void leave() {
        BrokerLink.ConsumerSession open = session;
        if (open != null && isReceiving && level != PrefetchPolicy.Level.SINGLE) {
            prefetchReturn.leave(open::returnPrefetched, System.nanoTime());
        }
    }

    private void comeBack() {
        if (level != PrefetchPolicy.Level.SINGLE) {
            isReceiving = prefetchReturn.comeBack();
        }
    }

    /**
     * Opens a new session if the level has changed, or if the old session receives no more rows. Prefetched rows of the
     * old session return to the queue.
     */
    private BrokerLink.ConsumerSession session() throws JMSException {
        PrefetchPolicy.Level next = prefetch.next(System.nanoTime());
        BrokerLink.ConsumerSession open = session;
        if (open != null && next == level && isReceiving) {
            return open;
        }
        if (open != null) {
            open.close();
        }
        level = next;
        open = link.new ConsumerSession(next);
        session = open;
        isReceiving = true;
        return open;
    }

    /** Closes the session. Then prefetched rows return to the queue as rows that were not delivered. */
    @Override
    public void close() throws JMSException {
        if (session != null) {
            session.close();
        }
        active = false;
    }
}
