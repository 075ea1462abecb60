package org.rowmill.producer.inflight;

import java.util.Set;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * A message of a row, in the queue or in a consumer.
 *
 * @param row what the head sent
 * @param avoided names of nodes that do not receive it
 * @param publishedAt when it was published, in nanoseconds
 * @param publishedIn in which step of its table it was published
 * @param deliveries how often the broker has delivered it or taken it back
 */
record SimulatedMessage(RowMessage row, Set<String> avoided, long publishedAt, int publishedIn, int deliveries) {

    /** Returns the message after it was delivered or taken back once more. */
    SimulatedMessage again() {
        return new SimulatedMessage(row, avoided, publishedAt, publishedIn, deliveries + 1);
    }

    int table() {
        return row.table();
    }
}
