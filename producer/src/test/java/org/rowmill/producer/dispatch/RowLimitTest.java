package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.options.RowTimeout;

class RowLimitTest {

    private final List<Duration> limits = new ArrayList<>();

    private RowLimit limit(String setting) {
        return new RowLimit(RowTimeout.parse(setting).orElseThrow(), limits::add);
    }

    private static void add(RowLimit limit, int rows, Duration each) {
        for (int i = 0; i < rows; i++) {
            limit.add(each.toNanos());
        }
    }

    @Test
    void aTimeoutIsNoneOrATime() {
        assertThat(RowTimeout.parse("soon")).isEmpty();
        assertThat(RowTimeout.parse("0s")).isEmpty();
        assertThat(limit("none").current()).isZero();
        assertThat(limit("90s").current()).hasSeconds(90);
    }

    @Test
    void autoIsTenTimesTheMedianOfTwentyOrMoreRows() {
        RowLimit limit = limit("auto");

        add(limit, 19, Duration.ofSeconds(12));
        assertThat(limit.current()).isZero();
        add(limit, 1, Duration.ofHours(1)); // one long row does not change the median

        assertThat(limit.current()).hasSeconds(121);
        assertThat(limits).containsExactly(Duration.ofSeconds(121));
    }

    @Test
    void autoIsAtLeastThirtySeconds() {
        RowLimit limit = limit("auto");

        add(limit, 64, Duration.ofMillis(2));

        assertThat(limit.current()).hasSeconds(30);
        assertThat(limits).hasSize(1);
    }

    @Test
    void autoGrowsIfRowsTakeLonger() {
        RowLimit limit = limit("auto");

        add(limit, 64, Duration.ofSeconds(4));
        add(limit, 512, Duration.ofSeconds(40));

        assertThat(limit.current()).hasSeconds(401);
    }
}
