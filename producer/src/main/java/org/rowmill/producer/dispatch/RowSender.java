package org.rowmill.producer.dispatch;

import jakarta.jms.JMSException;
import java.util.Map;
import java.util.Set;
import org.rowmill.broker.MessageSender;
import org.rowmill.producer.inflight.Publication;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.protocol.RowMessage;

/** Sends rows to the queue of rows. Used by one thread. */
final class RowSender implements AutoCloseable {

    private static final int HIGH_PRIORITY = 9;

    private final MessageSender sender;
    private final RowQueue queue;

    /**
     * Creates a sender.
     *
     * @param sender sends to the queue
     * @param queue where rows go
     */
    RowSender(MessageSender sender, RowQueue queue) {
        this.sender = sender;
        this.queue = queue;
    }

    byte[] encode(RowMessage row) {
        return queue.codec().encode(row);
    }

    /** Sends a row. Consumers receive it after {@link #commit}. */
    void send(byte[] body) throws JMSException {
        sender.send(body);
    }

    /** Sends a row again, before the rows that no consumer has received yet. Consumers receive it at once. */
    void send(Publication publication) throws JMSException {
        Map<String, String> avoided =
                publication.avoided().isEmpty() ? Map.of() : Map.of(Queues.AVOID, Queues.avoid(publication.avoided()));
        sender.send(encode(publication.message()), HIGH_PRIORITY, avoided);
        sender.commit();
    }

    /** Removes the messages of these rows from the queue. See {@link RowQueue#removeAll(Set)}. */
    Map<Long, Integer> takeBack(Set<Long> rows) {
        return queue.removeAll(rows);
    }

    void commit() throws JMSException {
        sender.commit();
    }

    @Override
    public void close() throws JMSException {
        sender.close();
    }
}
