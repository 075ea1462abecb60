package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeartbeatTimeoutTest {

    private final HeartbeatTimeout timeout = new HeartbeatTimeout();

    private boolean expiresWithin(int seconds, long heartbeats) {
        return IntStream.range(0, seconds)
                .mapToObj(second -> timeout.tick(heartbeats))
                .anyMatch(expires -> expires);
    }

    @Test
    void aConsumerHasNoTimeoutBeforeItsFirstHeartbeat() {
        assertThat(expiresWithin(1000, 0)).isFalse();
    }

    @Test
    void theTimeoutExpiresAtTheLimitAndAtEachMultiple() {
        assertThat(timeout.tick(7)).isFalse();
        assertThat(expiresWithin(HeartbeatTimeout.LIMIT_SECONDS - 1, 7)).isFalse();
        assertThat(timeout.tick(7)).isTrue();
        assertThat(timeout.seconds()).isEqualTo(HeartbeatTimeout.LIMIT_SECONDS);
        assertThat(expiresWithin(HeartbeatTimeout.LIMIT_SECONDS - 1, 7)).isFalse();
        assertThat(timeout.tick(7)).isTrue();
    }

    @Test
    void oneHeartbeatInTimeIsEnough() {
        for (long heartbeats = 1; heartbeats < 10; heartbeats++) {
            assertThat(expiresWithin(HeartbeatTimeout.LIMIT_SECONDS, heartbeats))
                    .isFalse();
        }
    }

    @Test
    void theTimeoutOfTheNextConsumerStartsAtZero() {
        expiresWithin(HeartbeatTimeout.LIMIT_SECONDS - 1, 7);
        assertThat(timeout.tick(0)).isFalse();
        assertThat(expiresWithin(HeartbeatTimeout.LIMIT_SECONDS, 7)).isFalse();
    }
}
