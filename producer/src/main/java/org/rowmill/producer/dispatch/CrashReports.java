package org.rowmill.producer.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.rowmill.producer.inflight.ComputingNodes;
import org.rowmill.producer.inflight.Crash;
import org.rowmill.producer.inflight.Decision;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * The crashes of consumers and the losses of nodes that the collector has not handled yet. Supervisors add them, the
 * collector takes them. Thread-safe.
 */
public final class CrashReports {

    private final Queue<ConsumerCrash> crashes = new ConcurrentLinkedQueue<>();
    private final Queue<NodeLoss> losses = new ConcurrentLinkedQueue<>();

    /** Adds the crash of a consumer. Returns at once. */
    public void add(ConsumerCrash crash) {
        crashes.add(crash);
    }

    /** Adds the loss of a node. Returns at once. */
    public void add(NodeLoss loss) {
        losses.add(loss);
    }

    /** Removes all reports and returns the decisions about their rows. */
    List<Decision> decide(InFlightRows rows, ComputingNodes nodes, long nanos) {
        if (crashes.isEmpty() && losses.isEmpty()) {
            return List.of(); // the usual case
        }
        List<Decision> decisions = new ArrayList<>();
        for (NodeLoss loss = losses.poll(); loss != null; loss = losses.poll()) {
            decisions.addAll(rows.nodeLost(loss.rows(), loss.node(), failure(loss)));
        }
        for (ConsumerCrash crash = crashes.poll(); crash != null; crash = crashes.poll()) {
            decisions.addAll(rows.crashed(event(crash), nodes, nanos));
        }
        return decisions;
    }

    private static Failure failure(NodeLoss loss) {
        return new Failure("", "NodeLost", loss.reason() + " while it computed this row", "", true);
    }

    private static Crash event(ConsumerCrash crash) {
        String message = "the consumer " + crash.where() + crash.how() + " while it computed this row";
        return new Crash(
                crash.inHand(),
                crash.node(),
                reason(crash.cause()),
                new Failure("", "ConsumerCrashed", message, "", false),
                overdueFailure(crash));
    }

    private static Crash.Reason reason(ConsumerEnd.Cause cause) {
        return switch (cause) {
            case CRASHED, OVERDUE, HANGING, NOT_LOADED, INTERNAL -> Crash.Reason.CRASH;
            case OUT_OF_MEMORY -> Crash.Reason.OUT_OF_MEMORY;
            case KILLED_BY_SIGNAL -> Crash.Reason.KILL;
            case BROKER_LOST -> Crash.Reason.CONNECTION_LOST;
        };
    }

    private static Failure overdueFailure(ConsumerCrash crash) {
        String stack = crash.lastLines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("at "))
                .collect(Collectors.joining("\n"));
        return new Failure(
                "",
                TimeoutException.class.getName(),
                "exceeded its time limit (--timeout, @Column(timeout)) and ignored the interrupt;"
                        + " the consumer was replaced",
                stack,
                true);
    }
}
