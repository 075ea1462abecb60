package org.rowmill.producer.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** What a row does when it is computed, and what has become of it. */
final class ExpectedRow {

    private static final Kind[] KINDS = Kind.values();

    private final int position;
    private final Kind kind;
    private int stored;
    private int givenUp;
    private int failures;
    private int failedAnswers;
    private int crashes;
    private int crashesAlone;
    private int interrupted;
    private int suspicious;
    private final Set<String> failedOn = new HashSet<>();

    /** What a row does when it is computed. */
    enum Kind {
        GOOD,
        /** Fails half of its attempts, wherever they are. */
        FLAKY,
        /** Fails on the first node. */
        FAILS_ON_FIRST_NODE,
        FAILS,
        FAILS_FOR_GOOD,
        /** Crashes its consumer. */
        POISON,
        /** Ends its consumer like a kill by another process. */
        POISON_LIKE_A_KILL,
        /** Fills the heap of a consumer, unless it is the only row and the heap is large. */
        LARGE,
        /** Ignores its interrupt: its consumer is ended because of it. */
        OVERDUE
    }

    private ExpectedRow(int position, Kind kind) {
        this.position = position;
        this.kind = kind;
    }

    /** Returns a row of any kind; most rows are good. */
    static ExpectedRow any(int position, Random random) {
        return new ExpectedRow(position, random.nextInt(3) > 0 ? Kind.GOOD : KINDS[random.nextInt(KINDS.length)]);
    }

    Kind kind() {
        return kind;
    }

    int failures() {
        return failures;
    }

    /** Returns the names of the nodes on which the row failed. */
    Set<String> failedOn() {
        return failedOn;
    }

    /** Whether the row was in a consumer that crashed, or in two that were killed. */
    boolean isSuspect() {
        return suspicious > 0 || crashes + interrupted > 1;
    }

    void noteStored() {
        stored++;
    }

    void noteGivenUp() {
        givenUp++;
    }

    /** Notes that the head counts an attempt as failed. */
    void noteFailure(String node) {
        failures++;
        failedOn.add(node);
    }

    /** Notes that an attempt fails, whether or not the head learns of it. */
    void noteFailedAnswer() {
        failedAnswers++;
    }

    /** Notes a crash of the consumer that computes the row. */
    void noteCrash(boolean isCulprit, boolean isKill, boolean isAlone) {
        suspicious += isKill ? 0 : 1;
        crashes += isCulprit ? 1 : 0;
        interrupted += isCulprit ? 0 : 1;
        crashesAlone += isAlone ? 1 : 0;
    }

    private int leastCrashesAlone() {
        int least = RowDecisions.CRASHES_OF_A_POISON_ROW;
        return crashes + interrupted > least ? least - 1 : least;
    }

    /**
     * Checks how the row ended.
     *
     * @param retries how often a failed row is retried
     * @param isStopped whether the run was stopped: then the row need not end
     * @param isTimely whether each report of a crash came in time: then the row ends few consumers
     * @param isComputable whether a large row can be computed
     */
    void checkEnd(int retries, boolean isStopped, boolean isTimely, boolean isComputable) {
        assertThat(stored + givenUp).as("%s row %d ends once", kind, position).isBetween(isStopped ? 0 : 1, 1);
        if (stored + givenUp == 0) {
            return;
        }
        checkKind(retries, isComputable);
        assertThat(failures)
                .as("failures of %s row %d", kind, position)
                .isLessThanOrEqualTo(failedAnswers + (givenUp > 0 && crashesAlone > 0 ? 1 : 0));
        if (isTimely) {
            assertThat(crashes)
                    .as("consumers that %s row %d ends", kind, position)
                    .isLessThanOrEqualTo(4);
            assertThat(interrupted)
                    .as("repetitions of %s row %d", kind, position)
                    .isLessThanOrEqualTo(4);
        }
    }

    private void checkKind(int retries, boolean isComputable) {
        switch (kind) {
            case GOOD -> assertThat(stored).as("innocent row %d", position).isOne();
            case FAILS, OVERDUE ->
                assertThat(failures).as("failures of %s row %d", kind, position).isBetween(retries + 1, retries + 2);
            case FAILS_FOR_GOOD ->
                assertThat(failures).as("failures of %s row %d", kind, position).isOne();
            case FLAKY, FAILS_ON_FIRST_NODE ->
                assertThat(givenUp == 0 || failures > retries)
                        .as("%s row %d has its retries", kind, position)
                        .isTrue();
            case POISON, POISON_LIKE_A_KILL ->
                assertThat(crashesAlone)
                        .as("crashes of poison row %d", position)
                        .isGreaterThanOrEqualTo(leastCrashesAlone());
            case LARGE ->
                assertThat(stored == 1 || !isComputable)
                        .as("row %d, which fits on one node, is computed there", position)
                        .isTrue();
        }
    }
}
