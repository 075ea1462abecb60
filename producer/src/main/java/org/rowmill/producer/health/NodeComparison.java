package org.rowmill.producer.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Detects nodes on which more rows fail than on the other nodes. Compares the first attempts at the rows of a table that
 * are computed in the end, on any node: rows that fail everywhere say nothing about nodes, and retries are not
 * distributed at random. Not thread-safe.
 *
 * <p>If rows fail with the same probability on all nodes, a node is excluded in a table with a probability of at most
 * {@link #ERROR_PROBABILITY}. ADR 016 describes the test.
 */
public final class NodeComparison {

    static final double ERROR_PROBABILITY = 0.001;

    /** A node is excluded only if at least this share of the rows fails there. */
    private static final double LEAST_SHARE = 0.2;

    /** The same, if the node is compared with one other node, which may be unusually good. */
    private static final double LEAST_SHARE_AGAINST_ONE = 0.5;

    private static final double HALF = 0.5;

    private final Supplier<Map<String, Integer>> slots;
    private final Exclusions exclusions = new Exclusions();
    private final Map<String, NodeCounts> nodes = new HashMap<>();
    private final Map<Long, FirstFailure> undecided = new HashMap<>();
    private IntSupplier rowsInFlight = () -> 0;

    /** A failed first attempt at a row that is in flight. */
    private record FirstFailure(NodeCounts counts, NodeCounts.Period period, String index, String error) {}

    /**
     * Starts without evidence against any node.
     *
     * @param slots number of slots of each node that computes now, by its name; an excluded node may be one of them for
     *     some seconds
     */
    public NodeComparison(Supplier<Map<String, Integer>> slots) {
        this.slots = slots;
    }

    /**
     * Begins a table, without evidence against any node. Excluded nodes stay excluded.
     *
     * @param inFlight counts the rows of the table in flight
     */
    public void beginTable(IntSupplier inFlight) {
        rowsInFlight = inFlight;
        nodes.clear();
        undecided.clear();
    }

    /**
     * Records that an attempt failed.
     *
     * @param index of the row, as text
     * @param error of the attempt, as text
     * @param nanos the time
     */
    public void failed(Attempt attempt, String index, String error, long nanos) {
        if (attempt.isFirst()) {
            NodeCounts counts = counts(attempt.node(), nanos);
            NodeCounts.Period period = counts.period(attempt.start());
            period.countFailed();
            undecided.put(attempt.row(), new FirstFailure(counts, period, index, error));
        }
    }

    /**
     * Records that an attempt computed its row.
     *
     * @param nanos the time
     * @return the node that is excluded now, if any
     */
    public Optional<Exclusion> computed(Attempt attempt, long nanos) {
        if (attempt.isFirst()) {
            counts(attempt.node(), nanos).period(attempt.start()).countSucceeded(); // the usual case
            return Optional.empty();
        }
        FirstFailure first = undecided.remove(attempt.row());
        if (first == null) {
            return Optional.empty(); // the first attempt ended with a crash
        }
        first.counts().countComputed(first.index() + " (" + first.error() + "; computed on " + attempt.node() + ")");
        return judge(first.counts(), nanos);
    }

    /** Records that a row was given up. Then its failures say nothing about nodes. */
    public void givenUp(long row) {
        FirstFailure first = undecided.remove(row);
        if (first != null) {
            first.period().forgetFailed();
        }
    }

    /** Returns the counts of a node. Late results of an excluded node are counted apart, and forgotten. */
    private NodeCounts counts(String node, long nanos) {
        NodeCounts known = nodes.get(node);
        if (known != null) {
            return known;
        }
        NodeCounts begun = new NodeCounts(node, nanos);
        if (!exclusions.isExcluded(node, nanos)) {
            nodes.values().forEach(other -> other.beginPeriod(nanos));
            nodes.put(node, begun);
        }
        return begun;
    }

    /** Attempts without an outcome count in favour of the node: as succeeded there, and as failed on the others. */
    private Optional<Exclusion> judge(NodeCounts node, long nanos) {
        int test = nodes.get(node.name()) == node ? node.testDue() : 0;
        if (test == 0) {
            return Optional.empty();
        }
        Running running = running(nanos);
        Sample attempts = node.decided().plus(new Sample(0, running.on(node.name())));
        return references(node, running).stream()
                .filter(reference -> reference.isBetterThan(attempts, errorProbability(test)))
                .findFirst()
                .map(reference -> exclude(node, reference, nanos));
    }

    /** The sum over all tests of a node in a table is {@link #ERROR_PROBABILITY}. */
    private static double errorProbability(int test) {
        return ERROR_PROBABILITY * 6 / (Math.PI * Math.PI * test * test);
    }

    private Running running(long nanos) {
        Map<String, Integer> used = new HashMap<>(slots.get());
        used.keySet().removeIf(node -> exclusions.isExcluded(node, nanos));
        return new Running(used, Math.max(0, rowsInFlight.getAsInt() - undecided.size()));
    }

    /**
     * Returns what a node is compared with: all other nodes together, and each of them alone. If several nodes are
     * broken, the others together may be no better than one of them.
     */
    private List<Reference> references(NodeCounts node, Running running) {
        List<NodeCounts> others =
                nodes.values().stream().filter(other -> other != node).toList();
        boolean areSeveral = others.size() > 1;
        List<Reference> references = new ArrayList<>();
        references.add(new Reference(
                "the other nodes",
                others.stream().map(node::since).reduce(Sample.NONE, Sample::plus),
                running.onOthersThan(node.name()),
                LEAST_SHARE,
                areSeveral ? HALF : 1));
        for (NodeCounts other : areSeveral ? others : List.<NodeCounts>of()) {
            references.add(new Reference(
                    other.name(),
                    node.since(other),
                    running.on(other.name()),
                    LEAST_SHARE_AGAINST_ONE,
                    HALF / others.size()));
        }
        return references;
    }

    private Exclusion exclude(NodeCounts node, Reference reference, long nanos) {
        Sample there = node.decided();
        Sample elsewhere = reference.known();
        String evidence = there.failed() + " of " + there.total() + " rows failed there at the first attempt (on "
                + reference.name() + ": " + elsewhere.failed() + " of " + elsewhere.total()
                + ") and were computed later, for example " + node.examples();
        nodes.remove(node.name());
        return exclusions.add(node.name(), evidence, slots.get().keySet(), nanos);
    }
}
