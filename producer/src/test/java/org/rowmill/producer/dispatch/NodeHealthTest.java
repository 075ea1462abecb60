package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.inflight.FailedAttempt;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

class NodeHealthTest implements NodeHealth.Actions {

    private static final int ROW_NANOS = 1_000;

    private final List<String> excluded = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();
    private final Map<String, Integer> heartbeats = new TreeMap<>(Map.of("good", 4, "a", 4, "b", 4, "c", 4));
    private final NodeHealth health = new NodeHealth(this, () -> heartbeats);
    private long nanos;
    private long row;

    @BeforeEach
    void begin() {
        health.beginTable(() -> 0);
    }

    @Override
    public void exclude(String node, Duration time, String evidence) {
        excluded.add(node + " " + time + " " + evidence);
        heartbeats.remove(node);
    }

    @Override
    public void stop(String reason) {
        stops.add(reason);
    }

    private void compute(int rows) {
        for (int i = 0; i < rows; i++) {
            nanos += ROW_NANOS;
            health.computed(row++, 1, "good", ROW_NANOS, nanos);
        }
    }

    private void fail(String node, int rows) {
        for (int i = 0; i < rows; i++) {
            nanos += ROW_NANOS;
            Failure failure = new Failure("c", "java.io.IOException", "no library", "", true);
            FailedAttempt attempt = new FailedAttempt(node, 0, Map.of(), List.of(failure));
            health.failed(row, 1, "index " + row, attempt, nanos);
            health.computed(row++, 2, "good", ROW_NANOS, nanos);
        }
    }

    private void failUntilExcluded(String node) {
        fail(node, 1);
        compute(100);
        fail(node, 3);
    }

    @Test
    void aNodeWhoseFailedRowsSucceedElsewhereIsExcludedWithEvidence() {
        fail("a", 1);
        compute(100);
        fail("a", 2);
        assertThat(excluded).isEmpty();

        fail("a", 1);

        assertThat(excluded)
                .singleElement()
                .asString()
                .startsWith("a PT1M 4 of 4 rows failed there at the first attempt (on the other nodes: 0 of 100)")
                .contains("index 103 (IOException: no library; computed on good)");
        assertThat(stops).isEmpty();
    }

    @Test
    void rowsThatAreGivenUpAreNoEvidence() {
        fail("a", 1);
        compute(100);
        for (int i = 0; i < 100; i++) {
            FailedAttempt attempt =
                    new FailedAttempt("a", 0, Map.of(), List.of(new Failure("c", "java.io.IOException", "", "", true)));
            health.failed(row, 1, "index", attempt, nanos);
            health.givenUp(row++);
        }

        assertThat(excluded).isEmpty();
    }

    @Test
    void theRunStopsWhenMoreThanHalfOfTheNodesAreExcluded() {
        failUntilExcluded("a");
        failUntilExcluded("b");
        assertThat(excluded).hasSize(2);
        assertThat(stops).isEmpty();

        failUntilExcluded("c");

        assertThat(stops)
                .singleElement()
                .asString()
                .startsWith("3 of 4 nodes are excluded, more than half: 4 of 4 rows");
    }

    /** Its last heartbeats arrive late, and its consumer takes a while to end. */
    @Test
    void anExcludedNodeThatStillSendsHeartbeatsCountsAsExcluded() {
        for (String node : List.of("a", "b", "c")) {
            failUntilExcluded(node);
            heartbeats.put(node, 4);
        }

        assertThat(stops).singleElement().asString().startsWith("3 of 4 nodes are excluded");
    }
}
