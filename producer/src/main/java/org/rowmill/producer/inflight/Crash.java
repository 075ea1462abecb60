package org.rowmill.producer.inflight;

import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * The end of a consumer process that nobody asked for.
 *
 * @param inHand the rows that it was computing
 * @param node where it ran
 * @param reason why it ended
 * @param failure the failure of a row that crashed the consumer
 * @param overdueFailure the failure of a row that ignored its interrupt
 */
public record Crash(List<HeldRow> inHand, String node, Reason reason, Failure failure, Failure overdueFailure) {

    public Crash {
        inHand = List.copyOf(inHand);
    }

    /** Why a consumer ended, as far as it matters for its rows. */
    public enum Reason {
        /** It crashed, and one of its rows may be the reason. */
        CRASH,
        /** Its heap was full. */
        OUT_OF_MEMORY,
        /** Another process killed it, so its rows are hardly the reason. */
        KILL,
        /** It lost its connection. That speaks against its rows only if it happens very often. */
        CONNECTION_LOST
    }

    boolean isOverdue() {
        return inHand.stream().anyMatch(HeldRow::isOverdue);
    }
}
