package org.rowmill.producer.dispatch;

import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.plan.PlanQueue;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * Publishes planned rows, one message for each row, and waits while {@link InFlightRows} has no room. Used by one
 * thread.
 */
final class Publisher {

    /**
     * Rows of a transaction. Larger transactions are not faster; smaller ones cost a round trip each. The rows are sent
     * together: a row that is sent alone wakes a thread of the broker.
     */
    private static final int BATCH = 256;

    /** If there was no room, one of so many rows in flight must end before more rows are published. */
    private static final int ONE_IN = 16;

    /** Limits each wait, so that the publisher notices a stop. */
    private static final long WAIT_MILLIS = 50;

    private final RowSender sender;
    private final int table;
    private final InFlightRows inFlight;
    private final Room room;
    private final List<byte[]> unsent = new ArrayList<>(BATCH);

    /**
     * Creates a publisher for one table.
     *
     * @param sender a transacted session that nobody else uses
     * @param table number of the table in the run
     * @param inFlight where published rows are recorded
     * @param room ends the wait for room
     */
    Publisher(RowSender sender, int table, InFlightRows inFlight, Room room) {
        this.sender = sender;
        this.table = table;
        this.inFlight = inFlight;
        this.room = room;
    }

    /** Publishes until the plan is exhausted or a stop is requested. */
    void publishAll(PlanQueue plan, StopSignal stop) throws JMSException, InterruptedException {
        while (!stop.isRequested() && !plan.isExhausted()) {
            PlannedRow row = next(plan);
            if (row != null) {
                publish(row, stop);
            }
        }
        commit();
    }

    private @Nullable PlannedRow next(PlanQueue plan) throws JMSException, InterruptedException {
        PlannedRow row = plan.poll();
        if (row != null) {
            return row;
        }
        commit(); // before waiting: otherwise rows stay here while consumers are idle
        return plan.poll(WAIT_MILLIS);
    }

    private void publish(PlannedRow row, StopSignal stop) throws JMSException, InterruptedException {
        long number = inFlight.nextRow();
        byte[] body = sender.encode(new RowMessage(
                table, number, inFlight.token(number), 1, false, row.index(), row.columns(), row.known()));
        long ended = room.ended();
        while (!inFlight.tryAdd(number, row, body.length)) {
            commit();
            if (stop.isRequested()) {
                return;
            }
            room.await(ended + Math.max(1, inFlight.counts().inFlight() / ONE_IN), WAIT_MILLIS);
            ended = room.ended();
        }
        unsent.add(body);
        if (unsent.size() == BATCH) {
            commit();
        }
    }

    private void commit() throws JMSException {
        if (!unsent.isEmpty()) {
            for (byte[] body : unsent) {
                sender.send(body);
            }
            sender.commit();
            unsent.clear();
        }
    }
}
