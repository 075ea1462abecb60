package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

class NodeHealthTest implements NodeHealth.Actions {

    private final List<String> excluded = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();
    private final Set<String> heard = new TreeSet<>(Set.of("good", "a", "b", "c"));
    private final NodeHealth health = new NodeHealth(this, () -> heard);

    @Override
    public void exclude(String node, Duration time, String evidence) {
        excluded.add(node + " " + time + " " + evidence);
        heard.remove(node);
    }

    @Override
    public void stop(String reason) {
        stops.add(reason);
    }

    private void failed(String node, int rows) {
        for (int row = 0; row < rows; row++) {
            Failure failure = new Failure("c", "java.io.IOException", "no library", "", true);
            health.computedElsewhere(
                    "row" + row, "good", List.of(new FailedAttempt(node, 1, Map.of(), List.of(failure))));
        }
    }

    @Test
    void aNodeWhoseRowsSucceedElsewhereIsSetAsideWithItsEvidence() {
        failed("bad", 2);
        assertThat(excluded).isEmpty();

        failed("bad", 1);

        assertThat(excluded).hasSize(1);
        assertThat(excluded.get(0)).contains("bad PT1M", "IOException: no library", "computed on good");
        assertThat(stops).isEmpty();
    }

    @Test
    void aNodeThatComputesMostRowsIsKept() {
        for (int i = 0; i < 100; i++) {
            health.finished("good enough");
        }
        failed("good enough", 5);

        assertThat(excluded).isEmpty();
    }

    @Test
    void aRowThatSucceedsWhereItFailedSpeaksAgainstNobody() {
        failed("good", 10);

        assertThat(excluded).isEmpty();
    }

    @Test
    void moreThanHalfOfTheNodesSetAsideStopTheRun() {
        failed("a", 3);
        failed("b", 3);
        assertThat(stops).isEmpty();

        failed("c", 3);

        assertThat(stops).hasSize(1);
        assertThat(stops.get(0)).contains("3 of 4 nodes are set excluded");
    }

    /** Its last heartbeats are of late, and its consumer takes a while to end. */
    @Test
    void aNodeThatWasSetAsideAndIsStillHeardOfIsNotLeft() {
        for (String node : List.of("a", "b", "c")) {
            failed(node, 3);
            heard.add(node);
        }

        assertThat(stops).hasSize(1);
        assertThat(stops.get(0)).contains("3 of 4 nodes are set excluded");
    }
}
