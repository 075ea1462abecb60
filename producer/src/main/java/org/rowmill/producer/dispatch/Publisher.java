package org.rowmill.producer.dispatch;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.plan.PlanQueue;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.RowMessage;

/** Publishes planned rows, one message a row, and lets no more be out than the ledger has room for. Used by one thread. */
public final class Publisher implements AutoCloseable {

    /** Rows a transaction: more gain nothing, fewer cost a round trip each. */
    private static final int BATCH = 256;

    private static final long LOOK_UP_MILLIS = 50;

    private final Session session;
    private final MessageProducer producer;
    private final MessageCodec codec;
    private final int table;
    private final InFlightRows inFlight;
    private int uncommitted;

    public Publisher(Connection connection, String queue, MessageCodec codec, int table, InFlightRows inFlight)
            throws JMSException {
        this.session = connection.createSession(true, Session.SESSION_TRANSACTED);
        this.producer = session.createProducer(session.createQueue(queue));
        this.codec = codec;
        this.table = table;
        this.inFlight = inFlight;
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
    }

    /** Publishes until the plan is exhausted or a stop is requested. */
    public void publishAll(PlanQueue plan, StopSignal stop) throws JMSException, InterruptedException {
        while (!stop.isRequested() && !plan.isExhausted()) {
            PlannedRow row = next(plan);
            if (row != null) {
                publish(row, stop);
            }
        }
        commit();
        inFlight.close();
    }

    private @Nullable PlannedRow next(PlanQueue plan) throws JMSException, InterruptedException {
        PlannedRow row = plan.poll();
        if (row != null) {
            return row;
        }
        commit(); // before waiting, so that no row lies here while consumers are idle
        return plan.poll(LOOK_UP_MILLIS);
    }

    private void publish(PlannedRow row, StopSignal stop) throws JMSException, InterruptedException {
        long number = inFlight.nextRow();
        byte[] body = codec.encode(
                new RowMessage(table, number, inFlight.token(number), 1, row.index(), row.columns(), row.known()));
        if (!inFlight.tryPut(number, row, body.length)) {
            commit();
            while (!inFlight.put(number, row, body.length, LOOK_UP_MILLIS)) {
                if (stop.isRequested()) {
                    return;
                }
            }
        }
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body);
        producer.send(message);
        if (++uncommitted == BATCH) {
            commit();
        }
    }

    private void commit() throws JMSException {
        if (uncommitted > 0) {
            session.commit();
            uncommitted = 0;
        }
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
