package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeartbeatTimeoutTest {

    private final HeartbeatTimeout silence = new HeartbeatTimeout();

    private boolean anyOf(int seconds, long beats) {
        return IntStream.range(0, seconds).mapToObj(i -> silence.tick(beats)).anyMatch(is -> is);
    }

    @Test
    void aConsumerThatHasNotSpokenYetIsNotSilent() {
        assertThat(anyOf(1000, 0)).isFalse();
    }

    @Test
    void aConsumerThatStopsToSpeakIsSilentAfterTheLimitAndAgainAfterAnother() {
        assertThat(silence.tick(7)).isFalse();
        assertThat(anyOf(HeartbeatTimeout.LIMIT_SECONDS - 1, 7)).isFalse();
        assertThat(silence.tick(7)).isTrue();
        assertThat(silence.seconds()).isEqualTo(HeartbeatTimeout.LIMIT_SECONDS);
        assertThat(anyOf(HeartbeatTimeout.LIMIT_SECONDS - 1, 7)).isFalse();
        assertThat(silence.tick(7)).isTrue();
    }

    @Test
    void oneWordInTimeIsEnough() {
        for (long beats = 1; beats < 10; beats++) {
            assertThat(anyOf(HeartbeatTimeout.LIMIT_SECONDS, beats)).isFalse();
        }
    }

    @Test
    void theNextConsumerBeginsAnew() {
        anyOf(HeartbeatTimeout.LIMIT_SECONDS - 1, 7);
        assertThat(silence.tick(0)).isFalse();
        assertThat(anyOf(HeartbeatTimeout.LIMIT_SECONDS, 7)).isFalse();
    }
}
