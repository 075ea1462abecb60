package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.protocol.Heartbeat;

class StallDetectorTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final StallDetector stall = new StallDetector(Duration.ofSeconds(10), row -> row == 5 ? "a,b" : "");

    private Optional<String> at(long seconds, long finished, Heartbeat... consumers) {
        return stall.check(finished, List.of(consumers), seconds * SECOND);
    }

    @Test
    void aStallIsReportedOnceUntilARowFinishes() {
        assertThat(at(0, 3)).isEmpty();
        assertThat(at(9, 3)).isEmpty();
        assertThat(at(10, 3)).get().asString().contains("for 10s", "no consumer sends heartbeats");
        assertThat(at(11, 3)).isEmpty();
        assertThat(at(12, 4)).isEmpty();
        assertThat(at(22, 4)).get().asString().contains("for 10s");
    }

    @Test
    void aStallIsReportedWithNodesAndTheirOldestRows() {
        at(0, 3);

        Heartbeat busy = new Heartbeat("x", 1, 4, List.of(5L, 6L), 9, 5, 61_000, 1 << 30);
        Heartbeat idle = new Heartbeat("y", 1, 4, List.of(), 9, -1, 0, 1 << 30);
        assertThat(at(10, 3, busy, idle))
                .get()
                .asString()
                .contains("x computes 2 rows, the oldest one (a,b) for 61s; y computes no row");
    }

    @Test
    void nothingIsReportedWithoutALimit() {
        StallDetector unlimited = new StallDetector(Duration.ZERO, row -> "");

        assertThat(unlimited.check(3, List.of(), 0)).isEmpty();
        assertThat(unlimited.check(3, List.of(), 100 * SECOND)).isEmpty();
    }
}
