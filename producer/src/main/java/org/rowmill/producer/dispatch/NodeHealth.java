package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.rowmill.schemas.BackOff;

/**
 * Tells nodes on which rows fail from rows that fail: a row that failed on one node and was computed on another speaks
 * against the first. A node with enough of that against it is set aside for a while, longer each time. Used by the
 * collector's thread.
 */
public final class NodeHealth {

    /** So many rows must speak against a node, */
    static final int EVIDENCE = 3;

    /** and at least this share of those that it finished since it was last set aside. */
    private static final double SHARE = 0.2;

    private static final BackOff TIMES = new BackOff(Duration.ofMinutes(1), 2, Duration.ofMinutes(15));
    private static final double HALF = 0.5;

    private final Actions actions;
    private final Supplier<Set<String>> nodes;
    private final Map<String, Conduct> conducts = new HashMap<>();

    /** What becomes of a node. */
    public interface Actions {
        /** It gets no rows for a while. */
        void setAside(String node, Duration time, String evidence);

        /** Too many were. */
        void stop(String reason);
    }

    private static final class Conduct {
        private final List<String> against = new ArrayList<>();
        private long finished;
        private int setAside;
        private long until;
    }

    /**
     * For one run.
     *
     * @param actions are told what to do
     * @param nodes names of those that are heard of; one that was set aside may be, for some seconds
     */
    public NodeHealth(Actions actions, Supplier<Set<String>> nodes) {
        this.actions = actions;
        this.nodes = nodes;
    }

    /** A row, or what of it could be, was computed there. */
    void finished(String node) {
        conducts.computeIfAbsent(node, name -> new Conduct()).finished++;
    }

    /** A row that failed on these nodes was computed on another. */
    void computedElsewhere(String index, String where, List<Retries.Attempt> failed) {
        Set<String> told = new HashSet<>(Set.of(where));
        for (Retries.Attempt attempt : failed) {
            if (told.add(attempt.node())) {
                blame(attempt.node(), index + " (" + summary(attempt) + "; computed on " + where + ")");
            }
        }
    }

    private static String summary(Retries.Attempt attempt) {
        String error = attempt.failures().get(0).errorClass();
        String message = attempt.failures().get(0).message();
        return error.substring(error.lastIndexOf('.') + 1) + (message.isEmpty() ? "" : ": " + message);
    }

    private void blame(String node, String row) {
        Conduct conduct = conducts.computeIfAbsent(node, name -> new Conduct());
        conduct.against.add(row);
        int against = conduct.against.size();
        if (against < EVIDENCE || against < SHARE * (conduct.finished + against) || isSetAside(conduct)) {
            return;
        }
        Duration time = TIMES.after(conduct.setAside + 1);
        String evidence = against + " rows failed there and were computed elsewhere, such as "
                + String.join(", ", conduct.against.subList(against - EVIDENCE, against));
        conduct.setAside++;
        conduct.until = System.nanoTime() + time.toNanos();
        conduct.against.clear();
        conduct.finished = 0;
        stopWhereTooMany(evidence);
        actions.setAside(node, time, evidence);
    }

    private void stopWhereTooMany(String evidence) {
        long aside = conducts.values().stream().filter(NodeHealth::isSetAside).count();
        long left = nodes.get().stream().filter(node -> !isSetAside(node)).count();
        if (aside > HALF * (aside + left)) {
            actions.stop(aside + " of " + (aside + left) + " nodes are set aside, more than half: " + evidence
                    + ". See what they lack, or leave them out of the cluster file");
        }
    }

    private boolean isSetAside(String node) {
        Conduct conduct = conducts.get(node);
        return conduct != null && isSetAside(conduct);
    }

    private static boolean isSetAside(Conduct conduct) {
        return conduct.setAside > 0 && conduct.until - System.nanoTime() > 0;
    }
}
