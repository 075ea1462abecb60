package org.rowmill.producer.inflight;

import java.util.Set;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * A row to publish again.
 *
 * @param message the message
 * @param avoided names of nodes that do not receive it
 */
public record Publication(RowMessage message, Set<String> avoided) {

    public Publication {
        avoided = Set.copyOf(avoided);
    }
}
