package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TicketsTest {

    /** Of the reference implementation's vectors: key 00 to 0f, message 00 to 07. */
    @Test
    void areSipHash() {
        assertThat(new Tickets(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).of(0x0706050403020100L))
                .isEqualTo(0x93f5f5799a932462L);
    }

    @Test
    void differByRowAndByRun() {
        Tickets tickets = new Tickets(1, 2);

        assertThat(LongStream.range(0, 10_000).mapToObj(tickets::of).collect(Collectors.toSet()))
                .hasSize(10_000);
        assertThat(tickets.of(7)).isNotEqualTo(new Tickets(1, 3).of(7));
        assertThat(tickets.of(7)).isEqualTo(tickets.of(7));
    }
}
