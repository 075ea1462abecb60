package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.protocol.Heartbeat;

class StallDetectorTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final StallDetector stall = new StallDetector(Duration.ofSeconds(10), row -> row == 5 ? "a,b" : "");

    private String at(long seconds, long finished, Heartbeat... consumers) {
        return stall.look(finished, List.of(consumers), seconds * SECOND);
    }

    @Test
    void isToldOnceUntilARowFinishes() {
        assertThat(at(0, 3)).isEmpty();
        assertThat(at(9, 3)).isEmpty();
        assertThat(at(10, 3)).contains("for 10s", "none gives a sign of life");
        assertThat(at(11, 3)).isEmpty();
        assertThat(at(12, 4)).isEmpty();
        assertThat(at(22, 4)).contains("for 10s");
    }

    @Test
    void namesTheNodesAndTheirOldestRows() {
        at(0, 3);

        assertThat(at(10, 3, new Heartbeat("x", 1, 4, 2, 9, 5, 61_000), new Heartbeat("y", 1, 4, 0, 9, -1, 0)))
                .contains("x computes 2 rows, the oldest a,b since 61s; y computes nothing");
    }
}
