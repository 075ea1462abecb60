package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final BackOff backOff = new BackOff(Duration.ofSeconds(2), 2, Duration.ofSeconds(30));

    @Test
    void eachFailureMultipliesThePauseUpToTheLimit() {
        assertThat(IntStream.rangeClosed(1, 7).mapToObj(backOff::after).map(Duration::toSeconds))
                .containsExactly(2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void anyNumberOfFailuresHasAPause() {
        assertThat(backOff.after(Integer.MAX_VALUE)).isEqualTo(backOff.limit());
        assertThat(new BackOff(SECOND, 1, Duration.ofSeconds(2)).after(Integer.MAX_VALUE))
                .isEqualTo(SECOND);
    }

    @Test
    void invalidNumbersAreRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BackOff(Duration.ZERO, 2, SECOND));
        assertThatIllegalArgumentException().isThrownBy(() -> new BackOff(SECOND, 0, SECOND));
        assertThatIllegalArgumentException().isThrownBy(() -> new BackOff(SECOND, 2, Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> backOff.after(0));
    }
}
