package org.rowmill.producer.dispatch;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.rowmill.broker.Rejection;
import org.rowmill.producer.inflight.ComputingNodes;
import org.rowmill.producer.inflight.Decision;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.Publication;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;

/**
 * Passes what happens to the rows of one table to {@link InFlightRows}, and lets its decisions be carried out. Used by
 * the collector's thread.
 */
final class RowEvents {

    private static final long STRANDED_CHECK_NANOS = Duration.ofMillis(250).toNanos();

    private final InFlightRows inFlight;
    private final ComputingNodes nodes;
    private final MessageCodec codec;
    private final CrashReports crashes;
    private final RefusedChanges refused;
    private final RowSender sender;
    private final LostRowDetector lostRows;
    private final DecisionExecutor executor;
    private long nextStrandedCheck;

    /**
     * Creates the events of one table.
     *
     * @param inFlight decides
     * @param nodes the nodes that compute now
     * @param crashes the crashes of consumers
     * @param refused explains failures of rows on nodes
     * @param codec decodes results
     * @param sender publishes rows again
     * @param lostRows detects lost rows
     * @param executor carries out decisions
     */
    RowEvents(
            InFlightRows inFlight,
            ComputingNodes nodes,
            CrashReports crashes,
            RefusedChanges refused,
            MessageCodec codec,
            RowSender sender,
            LostRowDetector lostRows,
            DecisionExecutor executor) {
        this.inFlight = inFlight;
        this.nodes = nodes;
        this.crashes = crashes;
        this.refused = refused;
        this.codec = codec;
        this.sender = sender;
        this.lostRows = lostRows;
        this.executor = executor;
    }

    /** Whether no row is in flight and no more rows will be published. */
    boolean haveEnded() {
        return inFlight.isFinished();
    }

    /** Handles a message of a consumer. */
    void result(byte[] body, long nanos) {
        ResultMessage result;
        try {
            result = codec.decodeResult(body);
        } catch (IOException e) {
            executor.reject(new Decision.Reject(sender(body), Rejection.RESULT));
            return;
        }
        inFlight.result(refused.explained(result), nodes, nanos).carryOut(executor, nanos);
    }

    /** The name is true: the broker accepts no message that names another node as its sender. */
    private String sender(byte[] body) {
        try {
            return codec.senderOfResult(body);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Handles crashes, publishes the rows that are due, and looks for lost rows.
     *
     * @param unacknowledged results that the collector has received, and that the broker still counts
     */
    void timePassed(long unacknowledged, long nanos) throws JMSException {
        for (Decision decision : crashes.decide(inFlight, nodes, nanos)) {
            decision.carryOut(executor, nanos);
        }
        if (nanos - nextStrandedCheck >= 0) {
            nextStrandedCheck = nanos + STRANDED_CHECK_NANOS;
            takeBack(inFlight.stranded(nodes, nanos), nanos);
        }
        for (Publication publication : inFlight.due(nodes, nanos)) {
            sender.send(publication);
        }
        if (lostRows.areRowsLost(inFlight.counts(), unacknowledged, nanos)) {
            executor.requeued(inFlight.lost(nanos));
        }
    }

    private void takeBack(Set<Long> stranded, long nanos) {
        if (!stranded.isEmpty()) {
            inFlight.takenBack(sender.takeBack(stranded), nanos);
        }
    }
}
