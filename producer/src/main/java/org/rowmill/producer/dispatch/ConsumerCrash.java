package org.rowmill.producer.dispatch;

import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * The end of a consumer process that the run still needed. A lost connection to a node is not a crash.
 *
 * @param inHand rows that the consumer was computing
 * @param node name of its node
 * @param where part of a sentence: empty for the head, otherwise {@code "on NODE "}
 * @param end why the process ended
 * @param lastLines the last lines that the process printed
 */
public record ConsumerCrash(List<HeldRow> inHand, String node, String where, ConsumerEnd end, List<String> lastLines) {
    public ConsumerCrash {
        inHand = List.copyOf(inHand);
        lastLines = List.copyOf(lastLines);
    }

    /** Returns the kind of reason. */
    public ConsumerEnd.Cause cause() {
        return end.cause();
    }

    /** Returns how the process ended, as part of a sentence. */
    public String how() {
        return end.how();
    }
}
