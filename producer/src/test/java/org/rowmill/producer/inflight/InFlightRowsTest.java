package org.rowmill.producer.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.rowmill.broker.Rejection;
import org.rowmill.producer.inflight.Crash.Reason;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.schemas.protocol.ResultMessage.Kind;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.store.keys.IndexKey;

class InFlightRowsTest {

    private static final Failure CRASH = new Failure("", "ConsumerCrashed", "the consumer crashed", "", false);
    private static final Failure OVERDUE = new Failure("", "Timeout", "", "", true);
    private static final int COLUMNS = 3;
    private static final int RETRIES = 2;

    private final Set<String> nodes = new TreeSet<>(Set.of("a", "b"));
    private final Map<String, Long> heaps = new HashMap<>();
    private final InFlightRows rows = new InFlightRows(3, 100, new RowTokens(1, 2));
    private final ComputingNodes view = new ComputingNodes() {
        @Override
        public Set<String> names() {
            return nodes;
        }

        @Override
        public long heapBytes(String node) {
            return heaps.getOrDefault(node, 0L);
        }
    };
    private long now = Long.MAX_VALUE - 1; // overflows during the test

    @BeforeEach
    void begin() {
        rows.beginTable(new TableRules(0, COLUMNS, RETRIES));
    }

    private static PlannedRow row(long number) {
        return new PlannedRow(List.of(number), new IndexKey(number, number), List.of(), Map.of(), false);
    }

    private long add(int bytes) {
        long number = rows.nextRow();
        assertThat(rows.tryAdd(number, row(number), bytes)).isTrue();
        return number;
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }

    private ResultMessage result(long row, int attempt, Map<Integer, Object> values, List<Failure> failures) {
        return new ResultMessage(0, row, rows.token(row), attempt, "a", 1, Kind.COMPUTED, values, failures);
    }

    private ResultMessage complete(long row, int attempt) {
        return result(row, attempt, Map.of(0, 1L, 1, 1L, 2, 1L), List.of());
    }

    private Decision decide(ResultMessage result) {
        return rows.result(result, view, now);
    }

    private Decision fail(long row, int attempt, String node, boolean isRetryable) {
        Failure failure = new Failure("c", "java.io.IOException", "", "", isRetryable);
        return decide(new ResultMessage(
                0, row, rows.token(row), attempt, node, 1, Kind.COMPUTED, Map.of(), List.of(failure)));
    }

    private Decision comeBack(long row, int attempt, Kind kind) {
        return decide(ResultMessage.returned(
                new RowMessage(0, row, rows.token(row), attempt, false, List.of(row), List.of(), Map.of()), "a", kind));
    }

    private List<Decision> crash(Reason reason, HeldRow... held) {
        return rows.crashed(new Crash(List.of(held), "a", reason, CRASH, OVERDUE), view, now);
    }

    private HeldRow held(long row, int attempt) {
        return new HeldRow(row, rows.token(row), attempt, false);
    }

    private List<Publication> due() {
        return rows.due(view, now);
    }

    @Nested
    class Results {

        @Test
        void aDuplicateIsCountedAndIgnored() {
            long row = add(10);

            assertThat(decide(complete(row, 1))).isInstanceOf(Decision.Store.class);
            assertThat(decide(complete(row, 1))).isEqualTo(Decision.Ignore.DUPLICATE);
            assertThat(rows.counts()).isEqualTo(new RowCounts(1, 0, 1, 0));
        }

        @Test
        void aResultWithAWrongTokenIsRejectedAlsoAfterTheRowHasEnded() {
            long row = add(1);
            ResultMessage forged = new ResultMessage(
                    0, row, rows.token(row) + 1, 1, "evil", 1, Kind.COMPUTED, Map.of(0, 1L, 1, 1L, 2, 1L), List.of());

            assertThat(decide(forged)).isEqualTo(new Decision.Reject("evil", Rejection.TOKEN));
            decide(complete(row, 1));
            assertThat(decide(forged)).isEqualTo(new Decision.Reject("evil", Rejection.TOKEN));
        }

        @Test
        void aResultOfARowThatWasNotPublishedIsRejected() {
            assertThat(decide(complete(7, 1))).isEqualTo(new Decision.Reject("a", Rejection.TOKEN));
        }

        @Test
        void anIncompleteResultIsRejected() {
            long row = add(1);

            assertThat(decide(result(row, 1, Map.of(0, 1L), List.of())))
                    .isEqualTo(new Decision.Reject("a", Rejection.RESULT));
        }

        @Test
        void aResultOfAnAttemptThatWasNotMadeIsRejected() {
            long row = add(1);

            assertThat(decide(complete(row, 2))).isEqualTo(new Decision.Reject("a", Rejection.RESULT));
        }

        @Test
        void aResultOfAnEarlierTableIsLate() {
            long row = add(1);
            decide(complete(row, 1));
            rows.beginTable(new TableRules(1, COLUMNS, RETRIES));
            add(1);

            assertThat(decide(complete(row, 1))).isEqualTo(Decision.Ignore.LATE);
            assertThat(crash(Reason.CRASH, held(row, 1))).containsExactly(Decision.Ignore.LATE);
        }

        @Test
        void aResultOfAnEarlierAttemptCountsWithoutTheValuesThatAreKnownByNow() {
            long row = add(1);
            rows.lost(now);
            due();
            Failure failure = new Failure("c", "java.io.IOException", "", "", true);
            decide(result(row, 2, Map.of(0, 7L), List.of(failure)));

            assertThat(decide(complete(row, 1)))
                    .isInstanceOfSatisfying(
                            Decision.Store.class,
                            store ->
                                    assertThat(store.result().values().keySet()).containsExactlyInAnyOrder(1, 2));
        }
    }

    @Nested
    class Room {

        @Test
        void theNumberOfRowsInFlightIsLimited() {
            long first = add(1);
            add(1);
            add(1);

            assertThat(rows.tryAdd(9, row(9), 1)).isFalse();
            decide(complete(first, 1));
            assertThat(rows.tryAdd(9, row(9), 1)).isTrue();
        }

        @Test
        void theBytesInFlightAreLimitedButOneLargeRowPasses() {
            long large = add(1000);

            assertThat(rows.tryAdd(9, row(9), 1)).isFalse();
            decide(complete(large, 1));
            assertThat(rows.tryAdd(9, row(9), 100)).isTrue();
            assertThat(rows.tryAdd(10, row(10), 1)).isFalse();
        }

        @Test
        void theTableIsFinishedWhenItIsClosedAndNoRowIsInFlight() {
            long number = add(1);
            rows.close();

            assertThat(rows.isFinished()).isFalse();
            rows.forget(new RowMessage(0, number, rows.token(number), 1, false, List.of(number), List.of(), Map.of()));
            assertThat(rows.isFinished()).isTrue();
        }
    }

    @Nested
    class FailedRows {

        @Test
        void aFailedRowIsPublishedAfterItsBackOffForTheColumnsThatItLacks() {
            long row = add(1);
            Failure failure = new Failure("c", "java.io.IOException", "", "", true);

            assertThat(decide(result(row, 1, Map.of(1, 10L), List.of(failure)))).isInstanceOf(Decision.Retry.class);
            pass(249);
            assertThat(due()).isEmpty();
            pass(1);
            assertThat(due())
                    .containsExactly(new Publication(
                            new RowMessage(
                                    0, row, rows.token(row), 2, false, List.of(row), List.of(0, 2), Map.of(1, 10L)),
                            Set.of("a")));
            assertThat(due()).isEmpty();
        }

        @Test
        void theBackOffGrowsUpToAMinute() {
            assertThat(List.of(1, 2, 3, 4, 5, 6, 60))
                    .extracting(RetryPolicy.BACK_OFF::after)
                    .extracting(Duration::toMillis)
                    .containsExactly(250L, 1_000L, 4_000L, 16_000L, 60_000L, 60_000L, 60_000L);
        }

        @Test
        void aRowIsGivenUpAfterItsLastRetry() {
            long row = add(1);
            assertThat(fail(row, 1, "a", true)).isInstanceOf(Decision.Retry.class);
            pass(60_000);
            due();
            assertThat(fail(row, 2, "b", true)).isInstanceOf(Decision.Retry.class);
            pass(60_000);
            due();

            assertThat(fail(row, 3, "a", true)).isInstanceOf(Decision.GiveUp.class);
            assertThat(rows.counts()).isEqualTo(new RowCounts(0, 1, 0, 0));
        }

        @Test
        void aRowThatFailedOnOneNodeOnlyGetsOneMoreAttemptOnAnother() {
            long row = add(1);
            for (int attempt = 1; attempt <= RETRIES + 1; attempt++) {
                assertThat(fail(row, attempt, "a", true)).isInstanceOf(Decision.Retry.class);
                pass(60_000);
                assertThat(due()).hasSize(1);
            }
            pass(3_600_000);

            assertThat(rows.stranded(view, now))
                    .as("it waits for the other node")
                    .isEmpty();
            nodes.remove("b");
            assertThat(rows.stranded(view, now)).as("no other node is left").containsExactly(row);
            assertThat(fail(row, RETRIES + 2, "a", true)).isInstanceOf(Decision.GiveUp.class);
        }

        @Test
        void aFailureThatIsNotRetryableIsNotRetried() {
            assertThat(fail(add(1), 1, "a", false)).isInstanceOf(Decision.GiveUp.class);
        }

        @Test
        void theOnlyNodeIsNotAvoided() {
            nodes.remove("b");
            fail(add(1), 1, "a", true);
            pass(250);

            assertThat(due()).extracting(Publication::avoided).containsExactly(Set.of());
        }

        @Test
        void aRowWaitsTwoSecondsForAnotherNode() {
            long row = add(1);
            fail(row, 1, "a", true);
            pass(250);
            due();
            pass(1_999);
            assertThat(rows.stranded(view, now)).isEmpty();
            pass(1);

            assertThat(rows.stranded(view, now)).containsExactly(row);
            rows.takenBack(Map.of(row, 2), now);
            assertThat(due())
                    .containsExactly(new Publication(
                            new RowMessage(0, row, rows.token(row), 2, false, List.of(row), List.of(0, 1, 2), Map.of()),
                            Set.of()));
        }

        @Test
        void aRowThatAConsumerHasReceivedInTheMeantimeIsNotPublishedAgain() {
            long row = add(1);
            fail(row, 1, "a", true);
            pass(250);
            due();
            pass(2_000);
            rows.stranded(view, now);

            rows.takenBack(Map.of(), now);
            assertThat(due()).isEmpty();
            assertThat(rows.stranded(view, now)).as("at once").isEmpty();
            pass(4_000);
            assertThat(rows.stranded(view, now)).as("later").containsExactly(row);
        }

        @Test
        void rowsThatWaitAreForgottenWhenTheRunStops() {
            fail(add(1), 1, "a", true);
            rows.close();

            rows.forgetWaiting();
            assertThat(rows.isFinished()).isTrue();
            pass(250);
            assertThat(due()).isEmpty();
        }
    }

    @Nested
    class Crashes {

        @Test
        void rowsThatWereInACrashTogetherAreComputedAlone() {
            long first = add(1);
            long second = add(1);

            assertThat(crash(Reason.CRASH, held(first, 1), held(second, 1)))
                    .allMatch(Decision.Repeat.class::isInstance);
            comeBack(first, 1, Kind.REDELIVERED);
            comeBack(second, 1, Kind.REDELIVERED);
            assertThat(due())
                    .extracting(Publication::message)
                    .allMatch(RowMessage::alone)
                    .extracting(RowMessage::row)
                    .containsExactlyInAnyOrder(first, second);
        }

        @Test
        void aRowIsGivenUpAfterThreeCrashesAlone() {
            long poison = add(1);
            long innocent = add(1);
            crash(Reason.CRASH, held(poison, 1), held(innocent, 1));
            int attempt = 1;
            List<Decision> decisions = new ArrayList<>();
            for (int crashes = 0; crashes < RowDecisions.CRASHES_OF_A_POISON_ROW; crashes++) {
                comeBack(poison, attempt, Kind.REDELIVERED);
                due();
                attempt++;
                decisions.addAll(crash(Reason.CRASH, held(poison, attempt)));
            }

            assertThat(decisions.subList(0, 2)).allMatch(Decision.Repeat.class::isInstance);
            assertThat(decisions.get(2)).isInstanceOfSatisfying(Decision.GiveUp.class, giveUp -> {
                assertThat(giveUp.attempts()).isEqualTo(4);
                assertThat(giveUp.attempt().firstFailure().message()).contains("3 times", "given up");
            });
            assertThat(decide(complete(innocent, 1))).isInstanceOf(Decision.Store.class);
        }

        @Test
        void rowsOfAConsumerThatAnotherProcessKilledAreComputedAloneOnlyAfterASecondTime() {
            long first = add(1);
            long second = add(1);
            for (int attempt = 1; attempt <= 2; attempt++) {
                crash(Reason.KILL, held(first, attempt), held(second, attempt));
                comeBack(first, attempt, Kind.REDELIVERED);
                comeBack(second, attempt, Kind.REDELIVERED);
                boolean isAlone = attempt == 2;
                assertThat(due())
                        .hasSize(2)
                        .allMatch(publication -> publication.message().alone() == isAlone);
            }
        }

        @Test
        void aRowThatEndsConsumersLikeAKillIsGivenUpAfterFourCrashes() {
            long poison = add(1);
            long innocent = add(1);
            List<Decision> decisions = new ArrayList<>();
            for (int attempt = 1; attempt <= 4; attempt++) {
                HeldRow[] held = attempt <= 2
                        ? new HeldRow[] {held(poison, attempt), held(innocent, attempt)}
                        : new HeldRow[] {held(poison, attempt)};
                decisions.add(crash(Reason.KILL, held).get(0));
                comeBack(poison, attempt, Kind.REDELIVERED);
                comeBack(innocent, attempt, Kind.REDELIVERED);
                due();
            }

            assertThat(decisions.subList(0, 3)).allMatch(Decision.Repeat.class::isInstance);
            assertThat(decisions.get(3)).isInstanceOf(Decision.GiveUp.class);
        }

        @Test
        void eachNodeComputesOneRowAloneAtATime() {
            long[] numbers = {add(1), add(1), add(1)};
            crash(Reason.CRASH, held(numbers[0], 1), held(numbers[1], 1), held(numbers[2], 1));
            for (long number : numbers) {
                comeBack(number, 1, Kind.REDELIVERED);
            }

            List<Publication> first = due();
            assertThat(first).as("two nodes").hasSize(2);
            pass(60_000);
            assertThat(due()).isEmpty();
            decide(complete(first.get(0).message().row(), 2));
            pass(100);
            assertThat(due()).hasSize(1);
        }

        @Test
        void aReturnedRowWaitsForTheReportOfACrash() {
            long row = add(1);
            assertThat(comeBack(row, 1, Kind.REDELIVERED)).isEqualTo(Decision.Ignore.RETURNED);
            pass(900);
            assertThat(due()).isEmpty();

            crash(Reason.CRASH, held(row, 1), held(add(1), 1));
            assertThat(due())
                    .extracting(publication -> publication.message().alone())
                    .containsExactly(true);
        }

        @Test
        void aReturnedRowWithoutAReportIsComputedAsBefore() {
            long row = add(1);
            comeBack(row, 1, Kind.REDELIVERED);
            pass(1_000);

            assertThat(due())
                    .extracting(publication -> publication.message().alone())
                    .containsExactly(false);
            assertThat(comeBack(row, 1, Kind.REDELIVERED))
                    .as("the message before")
                    .isEqualTo(Decision.Ignore.LATE);
        }

        @Test
        void aRowThatCouldNotBeAloneIsPublishedLater() {
            long row = add(1);
            comeBack(row, 1, Kind.NOT_ALONE);
            pass(999);
            assertThat(due()).isEmpty();
            pass(1);
            assertThat(due()).hasSize(1);
        }

        @Test
        void onlyTheOverdueRowHasFailed() {
            long overdue = add(1);
            long neighbour = add(1);

            assertThat(crash(Reason.CRASH, new HeldRow(overdue, rows.token(overdue), 1, true), held(neighbour, 1)))
                    .satisfiesExactly(
                            first -> assertThat(first).isInstanceOf(Decision.Retry.class),
                            second -> assertThat(second).isEqualTo(Decision.Ignore.LATE));
        }

        @Test
        void aRowThatFilledAHeapAloneGoesToALargerOne() {
            heaps.putAll(Map.of("a", 100L, "b", 200L));
            long row = add(1);
            crash(Reason.OUT_OF_MEMORY, held(row, 1));
            comeBack(row, 1, Kind.REDELIVERED);

            assertThat(due()).extracting(Publication::avoided).containsExactly(Set.of("a"));
            nodes.remove("b");
            pass(2_000);
            assertThat(rows.stranded(view, now)).as("no larger heap is left").containsExactly(row);
        }

        @Test
        void aRowThatNeedsALargeHeapReturnsToTheOnlyNodeThatHasIt() {
            heaps.putAll(Map.of("a", 100L, "b", 200L));
            long row = add(1);
            crash(Reason.OUT_OF_MEMORY, held(row, 1));
            comeBack(row, 1, Kind.REDELIVERED);
            due();
            fail(row, 2, "b", true);
            pass(250);

            assertThat(due()).extracting(Publication::avoided).containsExactly(Set.of("a"));
        }

        @Test
        void aClaimToHaveARowThatWasNotReceivedIsRejected() {
            long row = add(1);

            assertThat(crash(Reason.CRASH, new HeldRow(row, 7, 1, false)))
                    .containsExactly(new Decision.Reject("a", Rejection.TOKEN));
        }
    }

    @Test
    void theLossOfANodeSpeaksAgainstNoRow() {
        long row = add(1);
        Failure lost = new Failure("", "NodeLost", "", "", true);

        for (int times = 1; times <= 2 * RowDecisions.MOST_LOST_CONNECTIONS; times++) {
            assertThat(rows.nodeLost(List.of(row, 99L), "a", lost))
                    .containsExactly(new Decision.Repeat(row(row), "a", lost, times));
        }
        comeBack(row, 1, Kind.REDELIVERED);
        pass(1_000);
        assertThat(due())
                .extracting(publication -> publication.message().alone())
                .containsExactly(false);
        assertThat(decide(complete(row, 2)))
                .isInstanceOfSatisfying(
                        Decision.Store.class,
                        store -> assertThat(store.attempts()).isEqualTo(2 * RowDecisions.MOST_LOST_CONNECTIONS + 1));
    }

    @Test
    void aRowThatLosesItsConnectionAgainAndAgainIsGivenUp() {
        long row = add(1);
        List<Decision> decisions = new ArrayList<>();
        for (int times = 1; times <= RowDecisions.MOST_LOST_CONNECTIONS; times++) {
            decisions.addAll(crash(Reason.CONNECTION_LOST, held(row, 1)));
        }

        assertThat(decisions).filteredOn(Decision.GiveUp.class::isInstance).hasSize(1);
        assertThat(crash(Reason.CONNECTION_LOST, held(row, 1))).containsExactly(Decision.Ignore.LATE);
    }

    @Test
    void aNodeThatClaimsRowsOfOthersAndIsLostHarmsNone() {
        long row = add(1);
        HeldRow invented = new HeldRow(row, 7, 1, false);
        for (int times = 0; times < 2 * RowDecisions.MOST_LOST_CONNECTIONS; times++) {
            assertThat(crash(Reason.CONNECTION_LOST, invented))
                    .containsExactly(new Decision.Reject("a", Rejection.TOKEN));
        }
    }

    @Test
    void lostRowsArePublishedAgainUnlessTheyWait() {
        long waiting = add(1);
        long lost = add(1);
        fail(waiting, 1, "a", true);

        assertThat(rows.lost(now)).isOne();
        assertThat(due()).extracting(publication -> publication.message().row()).containsExactly(lost);
    }

    @Test
    void aMessageIsCurrentUntilItsRowEndsOrIsPublishedAgain() {
        long row = add(1);
        RowMessage first = new RowMessage(0, row, rows.token(row), 1, false, List.of(row), List.of(), Map.of());
        assertThat(rows.isCurrent(first)).isTrue();
        rows.lost(now);
        RowMessage second = due().get(0).message();

        assertThat(rows.isCurrent(first)).isFalse();
        assertThat(rows.isCurrent(second)).isTrue();
        decide(complete(row, 1));
        assertThat(rows.isCurrent(second)).isFalse();
    }
}
