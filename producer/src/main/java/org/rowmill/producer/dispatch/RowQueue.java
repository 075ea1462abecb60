package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * The queue from which consumers take rows. Thread-safe.
 *
 * @param broker the broker of the run
 * @param name of the queue
 * @param codec decodes the messages in the queue
 */
public record RowQueue(EmbeddedBroker broker, String name, MessageCodec codec) {

    /** Counts the rows in the queue, with those that a consumer holds and has not acknowledged. */
    long depth() {
        return broker.depth(name);
    }

    /** Removes the messages of these rows that no consumer holds. Returns the latest removed attempt of each row. */
    Map<Long, Integer> removeAll(Set<Long> rows) {
        Map<Long, Integer> removed = new HashMap<>();
        broker.removeWaiting(name, body -> {
            Optional<RowMessage> row = decoded(body).filter(message -> rows.contains(message.row()));
            row.ifPresent(message -> removed.merge(message.row(), message.attempt(), Math::max));
            return row.isPresent();
        });
        return removed;
    }

    /** Removes the messages that no consumer holds, unless they are to be kept. */
    void retain(Predicate<RowMessage> kept) {
        broker.removeWaiting(name, body -> decoded(body).filter(kept).isEmpty());
    }

    /** Removes all messages that no consumer holds. Passes each row to the caller. */
    void removeAll(Consumer<RowMessage> removed) {
        broker.removeWaiting(name, body -> {
            decoded(body).ifPresent(removed);
            return true;
        });
    }

    private Optional<RowMessage> decoded(byte[] body) {
        try {
            return Optional.of(codec.decodeRow(body));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
