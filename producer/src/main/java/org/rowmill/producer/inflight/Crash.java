package org.rowmill.producer.inflight;

import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * The end of a consumer process that nobody asked for.
 *
 * @param inHand the rows that it was computing
 * @param node where it ran
 * @param isKill whether another process killed it, so that its rows are hardly the reason
 * @param isOutOfMemory whether it ended because its heap was full
 * @param failure the failure of a row that crashed the consumer
 * @param overdueFailure the failure of a row that ignored its interrupt
 */
public record Crash(
        List<HeldRow> inHand,
        String node,
        boolean isKill,
        boolean isOutOfMemory,
        Failure failure,
        Failure overdueFailure) {

    public Crash {
        inHand = List.copyOf(inHand);
    }

    boolean isOverdue() {
        return inHand.stream().anyMatch(HeldRow::isOverdue);
    }
}
