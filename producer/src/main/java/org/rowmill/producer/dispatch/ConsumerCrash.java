package org.rowmill.producer.dispatch;

import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * The end of a consumer process that nobody asked for. A lost connection to a node is not a crash.
 *
 * @param inHand rows that the consumer was computing
 * @param node name of its node
 * @param where part of a sentence: empty for the head, otherwise {@code "on NODE "}
 * @param how part of a sentence: how the process ended
 * @param lastLines the last lines that the process printed
 */
public record ConsumerCrash(List<HeldRow> inHand, String node, String where, String how, List<String> lastLines) {
    public ConsumerCrash {
        inHand = List.copyOf(inHand);
        lastLines = List.copyOf(lastLines);
    }

    boolean isOutOfMemory() {
        return how.contains("OutOfMemoryError");
    }
}
