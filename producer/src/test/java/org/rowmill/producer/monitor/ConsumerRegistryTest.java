package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.protocol.Heartbeat;

class ConsumerRegistryTest {

    private long nanos = Long.MAX_VALUE - 1; // overflows during the test
    private final ConsumerRegistry registry = new ConsumerRegistry((node, why) -> {}, () -> nanos);

    private void send(String node, long pid, int busy) {
        registry.add(
                new Heartbeat(node, pid, 4, LongStream.range(0, busy).boxed().toList(), 9, -1, 0, 1 << 30));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void theLastHeartbeatOfEachNodeCounts() {
        send("b", 1, 1);
        send("a", 2, 3);
        send("b", 1, 2);

        assertThat(registry.all()).extracting(Heartbeat::node).containsExactly("a", "b");
        assertThat(registry.slots()).isEqualTo(8);
        assertThat(registry.busy()).isEqualTo(5);
        assertThat(registry.beats("b", 1)).isEqualTo(2);
    }

    @Test
    void aNodeThatSendsNothingForFiveSecondsIsNotNamed() {
        send("a", 1, 0);
        pass(Duration.ofSeconds(3));
        send("b", 2, 0);
        pass(Duration.ofSeconds(2));

        assertThat(registry.names()).containsExactly("b");
        assertThat(registry.slotsByNode()).containsExactly(Map.entry("b", 4));
    }

    @Test
    void aReplacedConsumerHasNoHeartbeatsOfItsPredecessor() {
        send("a", 1, 0);
        send("a", 2, 0);

        assertThat(registry.beats("a", 2)).isEqualTo(1);
        assertThat(registry.rows("a", 1)).isZero();
        assertThat(registry.rows("a", 2)).isEqualTo(9);
    }

    @Test
    void theTimeOfEachRowInASlotIsKnownToASecond() {
        registry.add(new Heartbeat("a", 1, 4, List.of(7L, 8L), 0, 7, 20_000, 1 << 30));
        pass(Duration.ofSeconds(1));
        registry.add(new Heartbeat("a", 1, 4, List.of(7L, 8L, 9L), 0, 7, 21_000, 1 << 30));
        pass(Duration.ofSeconds(2));

        assertThat(registry.inHandNanos())
                .containsExactlyInAnyOrder(
                        Duration.ofSeconds(23).toNanos(),
                        Duration.ofSeconds(3).toNanos(),
                        Duration.ofSeconds(2).toNanos());
    }

    @Test
    void aReplacedConsumerBeginsItsRowsAnew() {
        send("a", 1, 1);
        pass(Duration.ofSeconds(9));
        send("a", 2, 1);

        assertThat(registry.inHandNanos()).containsExactly(0);
    }

    @Test
    void anInventedTimeDoesNotOverflow() {
        registry.add(new Heartbeat("evil", 1, 4, List.of(7L), 0, 7, Long.MAX_VALUE, 1 << 30));

        assertThat(registry.inHandNanos()).containsExactly(Duration.ofDays(3650).toNanos());
    }

    @Test
    void inventedProcessIdsDoNotFillTheMemory() {
        for (int pid = 0; pid < 1_000; pid++) {
            send("evil", pid, 0);
        }

        assertThat(registry.beats("evil", 0)).isZero();
        assertThat(registry.beats("evil", 999)).isEqualTo(1);
    }

    @Test
    void aRemovedNodeIsForgotten() {
        send("a", 1, 1);
        registry.remove("a");

        assertThat(registry.names()).isEmpty();
        assertThat(registry.busy()).isZero();
        assertThat(registry.inHandNanos()).isEmpty();
        assertThat(registry.beats("a", 1)).isZero();
    }
}
