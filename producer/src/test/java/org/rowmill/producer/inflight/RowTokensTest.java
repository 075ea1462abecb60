package org.rowmill.producer.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowTokensTest {

    /** A test vector of the reference implementation: key 00 to 0f, message 00 to 07. */
    @Test
    void tokensAreSipHash() {
        assertThat(new RowTokens(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).of(0x0706050403020100L))
                .isEqualTo(0x93f5f5799a932462L);
    }

    @Test
    void tokensDifferByRowAndByRun() {
        RowTokens tokens = new RowTokens(1, 2);

        assertThat(LongStream.range(0, 10_000).mapToObj(tokens::of).collect(Collectors.toSet()))
                .hasSize(10_000);
        assertThat(tokens.of(7)).isNotEqualTo(new RowTokens(1, 3).of(7));
        assertThat(tokens.of(7)).isEqualTo(tokens.of(7));
    }
}
