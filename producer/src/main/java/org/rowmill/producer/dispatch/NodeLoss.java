package org.rowmill.producer.dispatch;

import java.util.List;

/**
 * The end of a consumer that could not be asked for its rows: its node or connection was lost, or Rowmill ended it.
 *
 * @param node its name
 * @param reason part of a sentence: what was lost
 * @param rows numbers of the rows that it was computing at its last heartbeat
 */
public record NodeLoss(String node, String reason, List<Long> rows) {
    public NodeLoss {
        rows = List.copyOf(rows);
    }
}
