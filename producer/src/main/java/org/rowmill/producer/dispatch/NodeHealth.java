package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.rowmill.producer.inflight.FailedAttempt;
import org.rowmill.schemas.BackOff;

/**
 * Detects nodes on which rows fail that other nodes compute. A row that failed on one node and succeeded on another is
 * evidence against the first node. A node with enough evidence against it is excluded for a while, longer each time.
 * Used by the collector's thread.
 */
public final class NodeHealth {

    /** A node is excluded only if at least this many rows are evidence against it, */
    static final int EVIDENCE = 3;

    /** and at least this share of the rows that it finished since it was last excluded. */
    private static final double SHARE = 0.2;

    private static final BackOff EXCLUSION = new BackOff(Duration.ofMinutes(1), 2, Duration.ofMinutes(15));
    private static final double HALF = 0.5;

    private final Actions actions;
    private final Supplier<Set<String>> nodes;
    private final Map<String, NodeHistory> histories = new HashMap<>();

    /** What happens to a node. */
    public interface Actions {

        /** Gives the node no rows for this time. */
        void exclude(String node, Duration time, String evidence);

        /** Stops the run: too many nodes are excluded. */
        void stop(String reason);
    }

    private static final class NodeHistory {
        private final List<String> evidence = new ArrayList<>();
        private long finished;
        private int exclusions;
        private long excludedUntil;

        boolean isExcluded(long nanos) {
            return exclusions > 0 && excludedUntil - nanos > 0;
        }
    }

    /**
     * Starts without evidence against any node.
     *
     * @param actions excludes nodes and stops the run
     * @param nodes names of the nodes that send heartbeats; an excluded node may be one of them for some seconds
     */
    public NodeHealth(Actions actions, Supplier<Set<String>> nodes) {
        this.actions = actions;
        this.nodes = nodes;
    }

    /** Counts a row that the node computed. */
    void finished(String node) {
        history(node).finished++;
    }

    private NodeHistory history(String node) {
        return histories.computeIfAbsent(node, name -> new NodeHistory());
    }

    /**
     * Records that a row failed and was computed later.
     *
     * @param index of the row, as text
     * @param node that computed the row
     * @param failed attempts before that, on any node
     * @param nanos the time
     */
    void computedElsewhere(String index, String node, List<FailedAttempt> failed, long nanos) {
        Set<String> seen = new HashSet<>(Set.of(node));
        for (FailedAttempt attempt : failed) {
            if (seen.add(attempt.node())) {
                addEvidence(attempt.node(), index + " (" + summary(attempt) + "; computed on " + node + ")", nanos);
            }
        }
    }

    private static String summary(FailedAttempt attempt) {
        String error = attempt.firstFailure().errorClass();
        String message = attempt.firstFailure().message();
        return error.substring(error.lastIndexOf('.') + 1) + (message.isEmpty() ? "" : ": " + message);
    }

    private void addEvidence(String node, String row, long nanos) {
        NodeHistory history = history(node);
        history.evidence.add(row);
        int rows = history.evidence.size();
        if (rows < EVIDENCE || rows < SHARE * (history.finished + rows) || history.isExcluded(nanos)) {
            return;
        }
        String evidence = rows + " rows failed there and were computed on other nodes, for example "
                + String.join(", ", history.evidence.subList(rows - EVIDENCE, rows));
        Duration time = EXCLUSION.after(history.exclusions + 1);
        history.exclusions++;
        history.excludedUntil = nanos + time.toNanos();
        history.evidence.clear();
        history.finished = 0;
        stopIfTooManyAreExcluded(evidence, nanos);
        actions.exclude(node, time, evidence);
    }

    private void stopIfTooManyAreExcluded(String evidence, long nanos) {
        long excluded = histories.values().stream()
                .filter(history -> history.isExcluded(nanos))
                .count();
        long left = nodes.get().stream()
                .filter(node -> !history(node).isExcluded(nanos))
                .count();
        if (excluded > HALF * (excluded + left)) {
            actions.stop(excluded + " of " + (excluded + left) + " nodes are excluded, more than half: " + evidence
                    + ". Check what these nodes lack, or remove them from the cluster file");
        }
    }
}
