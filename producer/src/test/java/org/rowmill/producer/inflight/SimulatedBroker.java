package org.rowmill.producer.inflight;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;

/** The queue of rows and the queue of results. */
final class SimulatedBroker {

    private final Deque<SimulatedMessage> queue = new ArrayDeque<>();
    private final Deque<ResultMessage> results = new ArrayDeque<>();

    void publish(SimulatedMessage message) {
        queue.addLast(message);
    }

    /** Publishes a message that is delivered before all others. */
    void publishFirst(SimulatedMessage message) {
        queue.addFirst(message);
    }

    /** Removes and returns the first message that does not avoid the node; null if there is none. */
    @Nullable
    SimulatedMessage deliver(String node) {
        for (Iterator<SimulatedMessage> all = queue.iterator(); all.hasNext(); ) {
            SimulatedMessage message = all.next();
            if (!message.avoided().contains(node)) {
                all.remove();
                return message.again();
            }
        }
        return null;
    }

    /** Takes back messages that a consumer has received and not committed. */
    void takeBack(Collection<SimulatedMessage> messages) {
        messages.forEach(message -> queue.addFirst(message.again()));
    }

    /** Removes the messages of these rows. Returns the latest attempt whose message was removed, for each row. */
    Map<Long, Integer> remove(Set<Long> rows) {
        Map<Long, Integer> removed = new HashMap<>();
        queue.removeIf(message -> {
            RowMessage row = message.row();
            return rows.contains(row.row()) && removed.merge(row.row(), row.attempt(), Math::max) > 0;
        });
        return removed;
    }

    void removeIf(Predicate<RowMessage> condition) {
        queue.removeIf(message -> condition.test(message.row()));
    }

    /** Calls the action for each message in the queue of rows. */
    void forEach(Consumer<SimulatedMessage> action) {
        queue.forEach(action);
    }

    void commit(List<ResultMessage> committed) {
        results.addAll(committed);
    }

    /** Removes and returns the next result; null if there is none. */
    @Nullable
    ResultMessage collect() {
        return results.pollFirst();
    }

    /** Lets the next result come a second time, after all others. */
    void duplicateResult() {
        if (!results.isEmpty()) {
            results.addLast(results.getFirst());
        }
    }

    boolean isEmpty() {
        return queue.isEmpty() && results.isEmpty();
    }

    @Override
    public String toString() {
        return "queue " + queue + ", results " + results;
    }
}
