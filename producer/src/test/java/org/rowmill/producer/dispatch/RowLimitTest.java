package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.options.RowTimeout;

class RowLimitTest {

    private final List<Duration> told = new ArrayList<>();

    private RowLimit limit(String setting) {
        return new RowLimit(RowTimeout.parse(setting).orElseThrow(), told::add);
    }

    private static void add(RowLimit limit, int rows, Duration each) {
        for (int i = 0; i < rows; i++) {
            limit.add(each.toNanos());
        }
    }

    @Test
    void whatIsNoTimeIsNone() {
        assertThat(RowTimeout.parse("soon")).isEmpty();
        assertThat(RowTimeout.parse("0s")).isEmpty();
        assertThat(limit("none").current()).isZero();
        assertThat(limit("90s").current()).hasSeconds(90);
    }

    @Test
    void autoIsTenTimesTheMedianOnceThereAreTwentyRows() {
        RowLimit limit = limit("auto");

        add(limit, 19, Duration.ofSeconds(12));
        assertThat(limit.current()).isZero();
        add(limit, 1, Duration.ofHours(1)); // one long row among many changes no median

        assertThat(limit.current()).hasSeconds(121);
        assertThat(told).containsExactly(Duration.ofSeconds(121));
    }

    @Test
    void autoIsAtLeastThirtySeconds() {
        RowLimit limit = limit("auto");

        add(limit, 64, Duration.ofMillis(2));

        assertThat(limit.current()).hasSeconds(30);
        assertThat(told).hasSize(1);
    }

    @Test
    void autoFollowsRowsThatGrowLonger() {
        RowLimit limit = limit("auto");

        add(limit, 64, Duration.ofSeconds(4));
        add(limit, 512, Duration.ofSeconds(40));

        assertThat(limit.current()).hasSeconds(401);
    }
}
