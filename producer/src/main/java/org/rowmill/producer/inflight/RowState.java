package org.rowmill.producer.inflight;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * What is known about one row in flight. It is either <em>out</em>, with a message in the queue or at a consumer, or it
 * <em>waits</em> to be published again. {@link InFlightRows} guards it.
 */
final class RowState {

    private final long number;
    private final PlannedRow row;
    private final int bytes;

    /** Number of the latest message of the row. Messages with smaller numbers are out of date. */
    private int attempt = 1;

    private boolean isOut = true;
    private long due;

    private List<FailedAttempt> failures = List.of();
    private Map<Integer, @Nullable Object> known;
    private boolean isElsewhereOnly;

    private int crashes;
    private int losses;
    private int lostConnections;
    private int crashesAlone;
    private long crashedAttempt;
    private boolean isAlone;
    private int timesNotAlone;
    private long insufficientHeap;

    private Set<String> avoided = Set.of();
    private Duration patience = Duration.ZERO;
    private long patienceEnd;
    private boolean isPreferenceOver;

    RowState(long number, PlannedRow row, int bytes) {
        this.number = number;
        this.row = row;
        this.bytes = bytes;
        this.known = row.known();
    }

    long number() {
        return number;
    }

    PlannedRow row() {
        return row;
    }

    int bytes() {
        return bytes;
    }

    int attempt() {
        return attempt;
    }

    boolean isOut() {
        return isOut;
    }

    long due() {
        return due;
    }

    List<FailedAttempt> failures() {
        return failures;
    }

    /** Counts the attempts that failed, crashed their consumer, or were lost with their node. */
    int unsuccessfulAttempts() {
        return failures.size() + crashes + losses + lostConnections;
    }

    int crashesAlone() {
        return crashesAlone;
    }

    int crashes() {
        return crashes;
    }

    /** Counts how often a consumer lost its connection while it had the row. */
    int lostConnections() {
        return lostConnections;
    }

    boolean isAlone() {
        return isAlone;
    }

    /** Whether the latest message of the row was at a consumer that crashed. */
    boolean hasCrashed() {
        return crashedAttempt == attempt;
    }

    /** Whether the next result must have all columns of the table. */
    boolean isWhole() {
        return failures.isEmpty() && row.columns().isEmpty() && known.isEmpty();
    }

    void waitUntil(long nanos) {
        isOut = false;
        due = nanos;
    }

    void fail(FailedAttempt failed) {
        failures = new ArrayList<>(failures);
        failures.add(failed);
        known = new HashMap<>(known);
        known.putAll(failed.values());
        isPreferenceOver = false;
    }

    /** From now on, no node receives the row on which it has failed. */
    void goElsewhereOnly() {
        isElsewhereOnly = true;
    }

    /**
     * Records that the row was in a consumer when it crashed. From now on, a suspect is computed alone, and so is a row
     * to which this has happened before.
     *
     * @param inAttempt the attempt that the consumer was making
     * @param isSuspect whether the row may be the reason for the crash
     * @param wasOnlyOne whether no other row was in the consumer
     * @param heap the heap that was full, if the row was the only one in it; otherwise 0
     */
    void crash(long inAttempt, boolean isSuspect, boolean wasOnlyOne, long heap) {
        crashes++;
        crashesAlone += wasOnlyOne ? 1 : 0;
        crashedAttempt = inAttempt;
        isAlone = isSuspect || crashes > 1;
        insufficientHeap = Math.max(insufficientHeap, heap);
    }

    /** Records that the row was lost with its node. */
    void lose() {
        losses++;
    }

    /** Records that the consumer of the row lost its connection. */
    void loseConnection() {
        lostConnections++;
    }

    /** Counts how often a consumer could not compute the row alone. */
    int countNotAlone() {
        return ++timesNotAlone;
    }

    /** Returns the next message of the row, which is out from now on. */
    Publication publish(TableRules rules, long token, ComputingNodes nodes, long now) {
        isOut = true;
        attempt++;
        avoided = nodesToAvoid(nodes);
        patience = RetryPolicy.PREFERENCE;
        patienceEnd = now + patience.toNanos();
        List<Integer> columns = missingColumns(rules.columns());
        return new Publication(
                new RowMessage(rules.table(), number, token, attempt, isAlone, row.index(), columns, known), avoided);
    }

    private Set<String> nodesToAvoid(ComputingNodes nodes) {
        if (failures.isEmpty() && insufficientHeap == 0) {
            return Set.of();
        }
        Set<String> avoid = new HashSet<>();
        if (isElsewhereOnly) {
            avoid.addAll(RetryPolicy.nodesOf(failures));
        } else if (!failures.isEmpty() && !isPreferenceOver) {
            avoid.add(failures.get(failures.size() - 1).node());
        }
        avoid.addAll(smallNodes(nodes));
        return avoid.containsAll(nodes.names()) ? smallNodes(nodes) : avoid;
    }

    /** Returns the nodes whose heap the row has filled or would fill; empty: a larger one computes nowhere. */
    private Set<String> smallNodes(ComputingNodes nodes) {
        Set<String> small = new HashSet<>(nodes.names());
        small.removeIf(node -> nodes.heapBytes(node) > insufficientHeap || insufficientHeap == 0);
        return small.containsAll(nodes.names()) ? Set.of() : small;
    }

    /** Whether the row avoids nodes. */
    boolean isAvoiding() {
        return isOut && !avoided.isEmpty();
    }

    /**
     * Whether the row has waited long enough for a node that it does not avoid: such a node is not free soon, or there
     * is none any more.
     */
    boolean isStranded(Set<String> nodes, long now) {
        boolean isPreference = !isElsewhereOnly && insufficientHeap == 0;
        return isAvoiding() && now - patienceEnd >= 0 && (isPreference || avoided.containsAll(nodes));
    }

    /** Lets the row wait for twice as long as before: a consumer may have it. */
    void extendPatience(long now) {
        Duration twice = patience.multipliedBy(2);
        patience = twice.compareTo(RetryPolicy.LONGEST_PATIENCE) < 0 ? twice : RetryPolicy.LONGEST_PATIENCE;
        patienceEnd = now + patience.toNanos();
    }

    /** Records that the latest message was removed from the queue before a consumer received it. */
    void takeBack(long now) {
        attempt--;
        isPreferenceOver = true;
        waitUntil(now);
    }

    /** Returns the numbers of the columns that the row lacks, in order; empty: all. */
    private List<Integer> missingColumns(int columns) {
        return isWhole()
                ? List.of()
                : wantedColumns(columns)
                        .filter(column -> !known.containsKey(column))
                        .boxed()
                        .toList();
    }

    /** Returns the numbers of the columns that the row lacks. */
    Set<Integer> missing(int columns) {
        return wantedColumns(columns)
                .filter(column -> !known.containsKey(column))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    private IntStream wantedColumns(int columns) {
        return row.columns().isEmpty()
                ? IntStream.range(0, columns)
                : row.columns().stream().mapToInt(Integer::intValue);
    }
}
