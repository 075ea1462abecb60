package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.schemas.protocol.MessageCodec;

/**
 * The queue from which consumers take rows. Thread-safe.
 *
 * @param broker the broker of the run
 * @param name of the queue
 * @param codec decodes the messages in the queue
 */
public record RowQueue(EmbeddedBroker broker, String name, MessageCodec codec) {

    private static final long NO_ROW = -1;

    /** Counts the rows in the queue, with those that a consumer holds and has not acknowledged. */
    long depth() {
        return broker.depth(name);
    }

    /** Removes the messages of these rows that no consumer holds. Returns the rows whose message was removed. */
    Set<Long> removeAll(Set<Long> rows) {
        Set<Long> removed = new HashSet<>();
        broker.removeWaiting(name, body -> {
            long row = number(body);
            return rows.contains(row) && removed.add(row);
        });
        return removed;
    }

    /** Removes all messages that no consumer holds. Passes the number of each row to the caller. */
    void removeAll(LongConsumer removed) {
        broker.removeWaiting(name, body -> {
            removed.accept(number(body));
            return true;
        });
    }

    private long number(byte[] body) {
        try {
            return codec.decodeRow(body).row();
        } catch (IOException e) {
            return NO_ROW;
        }
    }
}
