package org.rowmill.producer.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * The rows of one table: what each of them does when it is computed, what has become of it, and what must become of it.
 * The index of a row is its position in the table. A check that fails throws an {@link AssertionError}.
 */
final class ExpectedRows {

    private final TableRules rules;
    private final SimulatedNodes nodes;
    private final InFlightRows inFlight;
    private final List<ExpectedRow> rows = new ArrayList<>();
    private int dropped;

    /** Starts with an empty table. */
    ExpectedRows(TableRules rules, SimulatedNodes nodes, InFlightRows inFlight) {
        this.rules = rules;
        this.nodes = nodes;
        this.inFlight = inFlight;
    }

    void addAny(int count, Random random) {
        for (int i = 0; i < count; i++) {
            rows.add(ExpectedRow.any(i, random));
        }
    }

    int count() {
        return rows.size();
    }

    /** Whether a message belongs to this table, and not to one that has ended. */
    boolean has(SimulatedMessage message) {
        return message.table() == rules.table();
    }

    ExpectedRow.Kind kind(SimulatedMessage message) {
        return row(message.row()).kind();
    }

    private ExpectedRow row(RowMessage message) {
        return rows.get(position(message.index()));
    }

    private ExpectedRow row(PlannedRow row) {
        return rows.get(position(row.index()));
    }

    private static int position(List<Object> index) {
        return ((Long) index.get(0)).intValue();
    }

    /** Notes that a consumer has lost a row. */
    void noteDropped() {
        dropped++;
    }

    /** Notes that an attempt fails, whether or not the head learns of it. */
    void noteFailedAnswer(SimulatedMessage message) {
        row(message.row()).noteFailedAnswer();
    }

    /**
     * Notes that a consumer crashes.
     *
     * @param inHand the rows in it
     * @param culprit the row that is the cause; null: none of them
     * @param isKill whether the head takes it for a kill by another process
     */
    void noteCrash(List<SimulatedMessage> inHand, @Nullable SimulatedMessage culprit, boolean isKill) {
        for (SimulatedMessage message : inHand) {
            if (has(message)) {
                row(message.row()).noteCrash(message.equals(culprit), isKill, inHand.size() == 1);
            }
        }
    }

    /** Notes a decision about a row, and checks it. */
    void decided(Decision decision) {
        if (decision instanceof Decision.Store store) {
            row(store.row()).noteStored();
        } else if (decision instanceof Decision.GiveUp giveUp) {
            ExpectedRow row = row(giveUp.row());
            row.noteGivenUp();
            row.noteFailure(giveUp.attempt().node());
            checkGivenUp(row);
        } else if (decision instanceof Decision.Retry retry) {
            row(retry.row()).noteFailure(retry.attempt().node());
        } else {
            assertThat(decision).as("no honest message is rejected").isNotInstanceOf(Decision.Reject.class);
        }
    }

    /** A row is not given up after failures on one node if another node could compute it. */
    private void checkGivenUp(ExpectedRow row) {
        boolean isBecauseOfNode = row.kind() == ExpectedRow.Kind.FAILS_ON_FIRST_NODE;
        if (isBecauseOfNode && rules.retries() > 0 && row.failures() <= rules.retries() + 1) {
            assertThat(row.failedOn()).as("nodes on which the row failed").containsAll(nodes.names());
        }
    }

    /** The attempt after the last retry is made on another node, unless there was none since it was published. */
    void checkIsElsewhere(SimulatedNode node, SimulatedMessage message) {
        ExpectedRow row = row(message.row());
        int retries = rules.retries();
        boolean isExtra =
                retries > 0 && row.failures() == retries + 1 && row.failedOn().equals(Set.of(node.name()));
        if (isExtra && nodes.areSeveral() && message.publishedIn() > nodes.lastStepWithLostNode()) {
            throw new AssertionError("the attempt after the last retry is on the node that failed");
        }
    }

    /** Only rows in flight are published, and only those that were in a consumer when it crashed are computed alone. */
    void checkPublication(RowMessage message) {
        if (!inFlight.isCurrent(message)) {
            throw new AssertionError("a row that has ended is published");
        }
        if (message.alone() && !row(message).isSuspect()) {
            throw new AssertionError("a row that is no suspect is computed alone");
        }
    }

    /** A row does not wait for another node for long. */
    void checkPreference(SimulatedMessage message, long now) {
        boolean isOld = now - message.publishedAt() >= RetryPolicy.PREFERENCE.toNanos();
        if (!isOld || message.avoided().isEmpty() || message.deliveries() > 0 || !has(message)) {
            return;
        }
        ExpectedRow row = row(message.row());
        boolean isRule = row.failures() > rules.retries() || row.kind() == ExpectedRow.Kind.LARGE;
        if (!isRule && inFlight.find(message.row().row()).isPresent()) {
            throw new AssertionError(row.kind() + " row waits for another node: " + message);
        }
    }

    /** If no node has a row, only rows that consumers dropped are missing. */
    void checkLost(int lost) {
        if (lost > dropped) {
            throw new AssertionError(lost + " rows are lost, but consumers dropped only " + dropped);
        }
    }

    /**
     * Checks how each row ended.
     *
     * @param published how many rows were published
     * @param isStopped whether the run was stopped
     * @param isTimely whether each report of a crash came in time
     */
    void checkEnds(int published, boolean isStopped, boolean isTimely) {
        boolean isLargeComputable = nodes.wereAllAlive() && nodes.hasLargeHeap();
        rows.subList(0, published)
                .forEach(row -> row.checkEnd(rules.retries(), isStopped, isTimely, isLargeComputable));
    }
}
