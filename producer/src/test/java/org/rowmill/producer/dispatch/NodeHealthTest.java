package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.inflight.FailedAttempt;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

class NodeHealthTest implements NodeHealth.Actions {

    private final List<String> excluded = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();
    private final Set<String> heartbeats = new TreeSet<>(Set.of("good", "a", "b", "c"));
    private final NodeHealth health = new NodeHealth(this, () -> heartbeats);
    private long nanos;

    @Override
    public void exclude(String node, Duration time, String evidence) {
        excluded.add(node + " " + time + " " + evidence);
        heartbeats.remove(node);
    }

    @Override
    public void stop(String reason) {
        stops.add(reason);
    }

    private void fail(String node, int rows) {
        for (int row = 0; row < rows; row++) {
            Failure failure = new Failure("c", "java.io.IOException", "no library", "", true);
            health.computedElsewhere("row" + row, "good", List.of(new FailedAttempt(node, 0, java.util.Map.of(), List.of(failure))), nanos);
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void aNodeWhoseFailedRowsSucceedElsewhereIsExcludedWithEvidence() {
        fail("bad", 2);
        assertThat(excluded).isEmpty();

        fail("bad", 1);

        assertThat(excluded).hasSize(1);
        assertThat(excluded.get(0)).contains("bad PT1M", "IOException: no library", "computed on good");
        assertThat(stops).isEmpty();
    }

    @Test
    void aNodeIsExcludedLongerEachTimeUpToFifteenMinutes() {
        for (int i = 0; i < 6; i++) {
            fail("bad", 3);
            pass(Duration.ofMinutes(15));
        }

        assertThat(excluded)
                .extracting(line -> line.split(" ")[1])
                .containsExactly("PT1M", "PT2M", "PT4M", "PT8M", "PT15M", "PT15M");
    }

    @Test
    void anExcludedNodeIsNotExcludedAgainBeforeItsTimeIsOver() {
        fail("bad", 3);
        pass(Duration.ofSeconds(59));
        fail("bad", 3);
        assertThat(excluded).hasSize(1);

        pass(Duration.ofSeconds(1));
        fail("bad", 1);

        assertThat(excluded).hasSize(2);
    }

    @Test
    void aNodeThatComputesMostRowsIsNotExcluded() {
        for (int i = 0; i < 100; i++) {
            health.finished("good enough");
        }
        fail("good enough", 5);

        assertThat(excluded).isEmpty();
    }

    @Test
    void aRowThatSucceedsOnTheNodeWhereItFailedIsNoEvidence() {
        fail("good", 10);

        assertThat(excluded).isEmpty();
    }

    @Test
    void theRunStopsWhenMoreThanHalfOfTheNodesAreExcluded() {
        fail("a", 3);
        fail("b", 3);
        assertThat(stops).isEmpty();

        fail("c", 3);

        assertThat(stops).hasSize(1);
        assertThat(stops.get(0)).contains("3 of 4 nodes are excluded");
    }

    /** Its last heartbeats arrive late, and its consumer takes a while to end. */
    @Test
    void anExcludedNodeThatStillSendsHeartbeatsCountsAsExcluded() {
        for (String node : List.of("a", "b", "c")) {
            fail(node, 3);
            heartbeats.add(node);
        }

        assertThat(stops).hasSize(1);
        assertThat(stops.get(0)).contains("3 of 4 nodes are excluded");
    }
}
