package org.rowmill.producer.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NodeComparisonTest {

    private static final long ROW_NANOS = 1_000_000;

    private final Map<String, Integer> slots = new HashMap<>(Map.of("a", 0, "b", 0, "c", 0));
    private final NodeComparison comparison = new NodeComparison(() -> slots);
    private final List<Exclusion> exclusions = new ArrayList<>();
    private int rowsInFlight;
    private long nanos = Long.MAX_VALUE - 5 * ROW_NANOS; // overflows during the test
    private long row;

    @BeforeEach
    void begin() {
        comparison.beginTable(() -> rowsInFlight);
    }

    private Attempt attempt(long number, int attempt, String node) {
        nanos += ROW_NANOS;
        return new Attempt(number, attempt, node, nanos - ROW_NANOS);
    }

    private void compute(String node, int rows) {
        for (int i = 0; i < rows; i++) {
            comparison.computed(attempt(row++, 1, node), nanos).ifPresent(exclusions::add);
        }
    }

    /** Rows whose first attempt fails on a node, and whose second attempt succeeds on another node. */
    private void fail(String node, int rows) {
        for (int i = 0; i < rows; i++) {
            comparison.failed(attempt(row, 1, node), "row" + row, "IOException", nanos);
            computeLater(row++);
        }
    }

    private void computeLater(long number) {
        comparison.computed(attempt(number, 2, "idle"), nanos).ifPresent(exclusions::add);
    }

    private List<String> excluded() {
        return exclusions.stream().map(Exclusion::node).toList();
    }

    @Nested
    class Evidence {

        @Test
        void aNodeOnWhichEverythingFailsIsExcludedAfterFourRows() {
            fail("a", 1);
            compute("b", 20);
            fail("a", 2);
            assertThat(excluded()).isEmpty();

            fail("a", 1);

            assertThat(excluded()).containsExactly("a");
            assertThat(exclusions.get(0).evidence())
                    .isEqualTo("4 of 4 rows failed there at the first attempt (on the other nodes: 0 of 20)"
                            + " and were computed later, for example row21 (IOException; computed on idle),"
                            + " row22 (IOException; computed on idle), row23 (IOException; computed on idle)");
            assertThat(exclusions.get(0).stopReason()).isEmpty();
        }

        @Test
        void fourRowsAreNoEvidenceWithoutRowsOnOtherNodes() {
            fail("a", 1_000);
            compute("b", 1);

            assertThat(excluded()).isEmpty();
        }

        @Test
        void aNodeThatFailsLessThanAFifthOfTheRowsIsNotExcluded() {
            for (int i = 0; i < 1_000; i++) {
                fail("a", 1);
                compute("a", 5);
                compute("b", 6);
            }

            assertThat(excluded()).isEmpty();
        }

        @Test
        void aNodeThatFailsLessThanTwiceAsOftenIsNotExcluded() {
            for (int i = 0; i < 1_000; i++) {
                fail("b", 6);
                compute("b", 4);
                fail("a", 9);
                compute("a", 1);
            }

            assertThat(excluded()).isEmpty();
        }

        @Test
        void rowsThatFailEverywhereAreNoEvidence() {
            compute("b", 100);
            for (int i = 0; i < 100; i++) {
                comparison.failed(attempt(row, 1, "a"), "row", "IOException", nanos);
                comparison.failed(attempt(row, 2, "b"), "row", "IOException", nanos);
                comparison.givenUp(row++);
            }

            assertThat(excluded()).isEmpty();
        }

        @Test
        void rowsThatFailEverywhereDoNotHideABrokenNode() {
            fail("a", 1);
            for (int i = 0; i < 100; i++) {
                comparison.failed(attempt(row, 1, "b"), "row", "IOException", nanos);
                comparison.givenUp(row++);
                compute("b", 1);
            }

            fail("a", 3);

            assertThat(excluded()).containsExactly("a");
        }

        /** An idle node makes all retries. It has failed no row, but made no first attempt either. */
        @Test
        void rowsThatFailOnceAndSucceedOnAnIdleNodeAreNoEvidence() {
            for (int i = 0; i < 500; i++) {
                fail("a", 1);
                fail("b", 1);
            }

            assertThat(excluded()).isEmpty();
        }

        @Test
        void failedRetriesAreNoEvidence() {
            fail("a", 1);
            compute("b", 1);
            for (int i = 0; i < 500; i++) {
                comparison.failed(attempt(row, 1, "b"), "row", "IOException", nanos);
                comparison.failed(attempt(row, 2, "a"), "row", "IOException", nanos);
                comparison.computed(attempt(row++, 3, "c"), nanos).ifPresent(exclusions::add);
            }

            assertThat(excluded()).isEmpty();
        }

        @Test
        void aRowWhoseFirstAttemptCrashedIsNoEvidence() {
            fail("a", 1);
            compute("b", 100);
            for (int i = 0; i < 100; i++) {
                comparison.failed(attempt(row, 2, "a"), "row", "IOException", nanos);
                comparison.computed(attempt(row++, 3, "b"), nanos).ifPresent(exclusions::add);
            }

            assertThat(excluded()).isEmpty();
        }

        @Test
        void anEarlierTableIsNoEvidence() {
            fail("a", 1);
            compute("b", 100);
            fail("a", 2);

            comparison.beginTable(() -> rowsInFlight);
            fail("a", 100);
            assertThat(excluded()).isEmpty();

            comparison.beginTable(() -> rowsInFlight);
            fail("a", 1);
            compute("b", 100);
            fail("a", 2);
            assertThat(excluded()).isEmpty();
        }

        /** An outage before a node joined says nothing about the node, nor does the good time before an outage. */
        @Test
        void onlyAttemptsSinceTheNodeBeganCount() {
            compute("b", 10_000);
            for (int i = 0; i < 20; i++) {
                fail("a", 1);
                fail("b", 1);
            }

            assertThat(excluded()).isEmpty();
        }
    }

    @Nested
    class UnknownOutcomes {

        @Test
        void runningRowsOfTheNodeMaySucceed() {
            fail("a", 1);
            compute("b", 40);
            slots.put("a", 64);
            rowsInFlight = 1_000;

            fail("a", 12);
            assertThat(excluded()).isEmpty();

            fail("a", 20);
            assertThat(excluded()).containsExactly("a");
        }

        @Test
        void runningRowsOfOtherNodesMayFail() {
            fail("a", 1);
            compute("b", 16);
            slots.put("b", 64);
            rowsInFlight = 1_000;

            fail("a", 30);
            assertThat(excluded()).isEmpty();

            compute("b", 200);
            fail("a", 10);
            assertThat(excluded()).containsExactly("a");
        }

        @Test
        void onlyRowsInFlightRun() {
            fail("a", 1);
            compute("b", 20);
            slots.putAll(Map.of("a", 64, "b", 64));
            rowsInFlight = 0;

            fail("a", 5);

            assertThat(excluded()).containsExactly("a");
        }

        /** One slow node has not yet computed the rows that failed on the other one. */
        @Test
        void failedRowsOfOtherNodesMayBeComputed() {
            fail("a", 1);
            List<Long> undecided = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                comparison.failed(attempt(row, 1, "b"), "row", "IOException", nanos);
                undecided.add(row++);
                compute("b", 1);
                fail("a", 1);
                compute("a", 1);
            }
            assertThat(excluded()).isEmpty();

            undecided.forEach(NodeComparisonTest.this::computeLater);
            assertThat(excluded()).isEmpty();
        }
    }

    @Nested
    class SeveralNodes {

        @Test
        void eachBrokenNodeIsExcludedInTurn() {
            for (int i = 0; i < 20; i++) {
                fail("a", 1);
                fail("b", 1);
                compute("c", 2);
            }

            assertThat(excluded()).containsExactlyInAnyOrder("a", "b");
            assertThat(exclusions.get(0).evidence()).contains("(on c: 0 of ");
            assertThat(exclusions.get(1).evidence()).contains("(on the other nodes: 0 of ");
        }

        @Test
        void theRunStopsWhenMoreThanHalfOfTheNodesAreExcluded() {
            eachBrokenNodeIsExcludedInTurn();

            assertThat(exclusions.get(0).stopReason()).isEmpty();
            assertThat(exclusions.get(1).stopReason())
                    .get()
                    .asString()
                    .startsWith("2 of 3 nodes are excluded, more than");
        }

        @Test
        void theMoreComparisonsTheMoreEvidenceIsNeeded() {
            fail("a", 1);
            compute("b", 12);
            fail("c", 3);
            fail("d", 3);
            fail("a", 3);
            assertThat(excluded()).isEmpty();

            comparison.beginTable(() -> rowsInFlight);
            fail("a", 1);
            compute("b", 12);
            fail("a", 3);
            assertThat(excluded()).containsExactly("a");
        }

        @Test
        void oneUnusuallyGoodNodeDoesNotExcludeTheOthers() {
            Random random = new Random(1);
            for (int i = 0; i < 3_000; i++) {
                String node = List.of("a", "b", "c", "d", "e", "good").get(random.nextInt(6));
                if (random.nextDouble() < (node.equals("good") ? 0.02 : 0.3)) {
                    fail(node, 1);
                } else {
                    compute(node, 1);
                }
            }

            assertThat(excluded()).isEmpty();
        }
    }

    @Nested
    class AnExcludedNode {

        private void excludeAgain() {
            int before = exclusions.size();
            for (int i = 0; i < 10 && exclusions.size() == before; i++) {
                fail("a", 1);
                compute("b", 10);
            }
            assertThat(exclusions).hasSize(before + 1);
        }

        private void pass(Duration time) {
            nanos += time.toNanos();
        }

        @Test
        void isExcludedLongerEachTime() {
            for (int i = 0; i < 6; i++) {
                excludeAgain();
                pass(Duration.ofMinutes(15));
            }

            assertThat(exclusions)
                    .extracting(exclusion -> exclusion.time().toMinutes())
                    .containsExactly(1L, 2L, 4L, 8L, 15L, 15L);
        }

        @Test
        void isNotExcludedAgainBeforeItsTimeIsOver() {
            excludeAgain();
            pass(Duration.ofSeconds(50));

            fail("a", 100);
            assertThat(exclusions).hasSize(1);

            pass(Duration.ofSeconds(10));
            excludeAgain();
        }

        @Test
        void startsAnewAfterwards() {
            List<Long> undecided = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                comparison.failed(attempt(row, 1, "a"), "row", "IOException", nanos);
                undecided.add(row++);
            }
            excludeAgain();
            pass(Duration.ofMinutes(1));

            fail("a", 1);
            compute("a", 10);
            compute("b", 100);
            undecided.forEach(NodeComparisonTest.this::computeLater);

            assertThat(exclusions).hasSize(1);
        }

        @Test
        void staysExcludedInTheNextTable() {
            excludeAgain();

            comparison.beginTable(() -> rowsInFlight);
            fail("a", 20);
            compute("b", 100);
            fail("a", 20);

            assertThat(exclusions).hasSize(1);
        }
    }
}
