package org.rowmill.producer.health;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rowmill.schemas.BackOff;

/** The exclusions of nodes in a run: each lasts longer than the one before it. Not thread-safe. */
final class Exclusions {

    private static final BackOff TIME = new BackOff(Duration.ofMinutes(1), 2, Duration.ofMinutes(15));
    private static final double HALF = 0.5;

    private final Map<String, Last> nodes = new HashMap<>();

    /** The last exclusion of a node. */
    private record Last(int number, long end) {
        boolean isExcluded(long nanos) {
            return end - nanos > 0;
        }
    }

    boolean isExcluded(String node, long nanos) {
        Last last = nodes.get(node);
        return last != null && last.isExcluded(nanos);
    }

    /**
     * Excludes a node.
     *
     * @param evidence part of a sentence
     * @param known names of the nodes that send heartbeats; an excluded node may be one of them
     * @param nanos the time
     */
    Exclusion add(String node, String evidence, Set<String> known, long nanos) {
        Last last = nodes.get(node);
        int number = last == null ? 1 : last.number() + 1;
        Duration time = TIME.after(number);
        nodes.put(node, new Last(number, nanos + time.toNanos()));
        return new Exclusion(node, time, evidence, stopReason(evidence, known, nanos));
    }

    private Optional<String> stopReason(String evidence, Set<String> known, long nanos) {
        long excluded =
                nodes.values().stream().filter(last -> last.isExcluded(nanos)).count();
        long left = known.stream().filter(node -> !isExcluded(node, nanos)).count();
        return excluded > HALF * (excluded + left)
                ? Optional.of(excluded + " of " + (excluded + left) + " nodes are excluded, more than half: " + evidence
                        + ". Check what these nodes lack, or remove them from the cluster file")
                : Optional.empty();
    }
}
