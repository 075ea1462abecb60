package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.rowmill.producer.health.Attempt;
import org.rowmill.producer.health.Exclusion;
import org.rowmill.producer.health.NodeComparison;
import org.rowmill.producer.inflight.FailedAttempt;

/**
 * Excludes nodes on which more rows fail than on the other nodes: passes attempts to {@link NodeComparison}, and carries
 * its decisions out. Used by the collector's thread.
 */
public final class NodeHealth {

    private final Actions actions;
    private final NodeComparison comparison;

    /** What happens to a node. */
    public interface Actions {

        /** Gives the node no rows for this time. */
        void exclude(String node, Duration time, String evidence);

        /** Stops the run: too many nodes are excluded. */
        void stop(String reason);
    }

    /**
     * Starts without evidence against any node.
     *
     * @param actions excludes nodes and stops the run
     * @param slots number of slots of each node that sends heartbeats; an excluded node may be one of them for some
     *     seconds
     */
    public NodeHealth(Actions actions, Supplier<Map<String, Integer>> slots) {
        this.actions = actions;
        this.comparison = new NodeComparison(slots);
    }

    /**
     * Begins a table. What happened to rows of earlier tables is no evidence any more.
     *
     * @param rowsInFlight counts the rows of the table in flight
     */
    void beginTable(IntSupplier rowsInFlight) {
        comparison.beginTable(rowsInFlight);
    }

    /**
     * Records an attempt that failed with a result. A crash of a consumer is no such attempt.
     *
     * @param row number of the row
     * @param attempt number of the attempt, from 1; crashes count, too
     * @param index of the row, as text
     * @param failed the attempt
     * @param nanos the time
     */
    void failed(long row, int attempt, String index, FailedAttempt failed, long nanos) {
        comparison.failed(
                new Attempt(row, attempt, failed.node(), nanos - failed.nanos()), index, summary(failed), nanos);
    }

    private static String summary(FailedAttempt attempt) {
        String error = attempt.firstFailure().errorClass();
        String message = attempt.firstFailure().message();
        return error.substring(error.lastIndexOf('.') + 1) + (message.isEmpty() ? "" : ": " + message);
    }

    /**
     * Records an attempt that computed its row.
     *
     * @param row number of the row
     * @param attempt number of the attempt, from 1; crashes count, too
     * @param node that computed the row
     * @param rowNanos how long the attempt took
     * @param nanos the time
     */
    void computed(long row, int attempt, String node, long rowNanos, long nanos) {
        comparison
                .computed(new Attempt(row, attempt, node, nanos - rowNanos), nanos)
                .ifPresent(this::carryOut);
    }

    /** Records that a row was given up. */
    void givenUp(long row) {
        comparison.givenUp(row);
    }

    private void carryOut(Exclusion exclusion) {
        exclusion.stopReason().ifPresent(actions::stop);
        actions.exclude(exclusion.node(), exclusion.time(), exclusion.evidence());
    }
}
