package org.rowmill.producer.inflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.schemas.protocol.RowMessage;

/** A node, and what its consumer has received and not committed. A lost node does nothing until it comes back. */
final class SimulatedNode {

    private static final int MOST_PREFETCHED = 4;

    private final String name;
    private final int slots;
    private final long heap;
    private boolean isAlive = true;
    private boolean isGone;
    private final List<SimulatedMessage> prefetched = new ArrayList<>();
    private final List<SimulatedMessage> inHand = new ArrayList<>();
    private final List<SimulatedMessage> finished = new ArrayList<>();
    private final List<ResultMessage> uncommitted = new ArrayList<>();

    SimulatedNode(String name, int slots, long heap) {
        this.name = name;
        this.slots = slots;
        this.heap = heap;
    }

    String name() {
        return name;
    }

    long heap() {
        return heap;
    }

    boolean isAlive() {
        return isAlive;
    }

    /** Whether the consumer has received nothing that it has not committed. */
    boolean isIdle() {
        return prefetched.isEmpty() && inHand.isEmpty() && finished.isEmpty();
    }

    /** Returns the messages of the rows that the consumer computes. */
    List<SimulatedMessage> inHand() {
        return inHand;
    }

    /** Receives a message if the consumer has room for it. */
    void receive(SimulatedBroker broker) {
        if (isAlive && prefetched.size() < MOST_PREFETCHED) {
            SimulatedMessage message = broker.deliver(name);
            if (message != null) {
                prefetched.add(message);
            }
        }
    }

    /** Begins to compute the next row, or returns it to the head, as a consumer does. */
    void begin() {
        if (!isAlive || prefetched.isEmpty() || inHand.size() == slots) {
            return;
        }
        SimulatedMessage next = prefetched.remove(0);
        if (next.deliveries() > 1) {
            returnToHead(next, ResultMessage.Kind.REDELIVERED);
        } else if (next.row().alone() && !inHand.isEmpty()) {
            returnToHead(next, ResultMessage.Kind.NOT_ALONE);
        } else if (inHand.stream().anyMatch(other -> other.row().alone())) {
            prefetched.add(0, next);
        } else {
            inHand.add(next);
        }
    }

    private void returnToHead(SimulatedMessage message, ResultMessage.Kind why) {
        finished.add(message);
        uncommitted.add(ResultMessage.returned(message.row(), name, why));
    }

    /** Returns any of the rows that the consumer computes; null if there is none. */
    @Nullable
    SimulatedMessage anyInHand(Random random) {
        return isAlive && !inHand.isEmpty() ? inHand.get(random.nextInt(inHand.size())) : null;
    }

    /** Ends a row without a result. */
    void endWithoutResult(SimulatedMessage message) {
        inHand.remove(message);
        finished.add(message);
    }

    void succeed(SimulatedMessage message) {
        answer(message, Map.of(0, 1L), List.of());
    }

    void fail(SimulatedMessage message, boolean isRetryable) {
        answer(message, Map.of(), List.of(new Failure("c", "E", "", "", isRetryable)));
    }

    private void answer(SimulatedMessage message, Map<Integer, Object> values, List<Failure> failures) {
        endWithoutResult(message);
        RowMessage row = message.row();
        uncommitted.add(new ResultMessage(
                row.table(),
                row.row(),
                row.token(),
                row.attempt(),
                name,
                1,
                ResultMessage.Kind.COMPUTED,
                values,
                failures));
    }

    /** Sends the results and acknowledges their rows. */
    void commit(SimulatedBroker broker) {
        if (isAlive) {
            broker.commit(uncommitted);
            uncommitted.clear();
            finished.clear();
        }
    }

    /** Whether the consumer has received a row that it has not begun. */
    boolean hasPrefetched() {
        return !prefetched.isEmpty();
    }

    /** Forgets the next row. */
    void drop() {
        prefetched.remove(0);
    }

    /** Returns the rows in hand as a consumer leaves them behind; one of them may be overdue. */
    List<HeldRow> held(@Nullable SimulatedMessage overdue) {
        List<HeldRow> held = new ArrayList<>();
        for (SimulatedMessage message : inHand) {
            RowMessage row = message.row();
            held.add(new HeldRow(row.row(), row.token(), row.attempt(), message.equals(overdue)));
        }
        return held;
    }

    /** Ends the consumer: all that it has not committed returns to the queue. */
    void release(SimulatedBroker broker) {
        broker.takeBack(inHand);
        broker.takeBack(prefetched);
        broker.takeBack(finished);
        inHand.clear();
        prefetched.clear();
        finished.clear();
        uncommitted.clear();
    }

    void lose(SimulatedBroker broker) {
        isAlive = false;
        release(broker);
    }

    /** Loses the node for good. */
    void loseForGood(SimulatedBroker broker) {
        isGone = true;
        if (isAlive) {
            lose(broker);
        }
    }

    /** Lets the node compute again, unless it is lost for good. */
    void comeBack() {
        isAlive = !isGone;
    }
}
