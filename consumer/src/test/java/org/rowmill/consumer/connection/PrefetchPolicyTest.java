package org.rowmill.consumer.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rowmill.consumer.connection.PrefetchPolicy.Level;

class PrefetchPolicyTest {

    private static final long MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final PrefetchPolicy prefetch = new PrefetchPolicy();
    private long now;

    /** Returns the level after rows that took this time each. */
    private Level after(int rows, long nanos) {
        Level level = prefetch.level();
        for (int i = 0; i < rows; i++) {
            prefetch.add(nanos);
            now += nanos;
            level = prefetch.next(now);
        }
        return level;
    }

    @Test
    void rowsAreReceivedOneAtATimeUntilTheirTimeIsKnown() {
        assertThat(prefetch.level()).isEqualTo(Level.SINGLE);
        assertThat(Level.SINGLE.maxTransactionRows()).isEqualTo(1);
        assertThat(Level.SINGLE.windowBytes()).isZero();
        assertThat(after(3, MICRO)).isEqualTo(Level.SINGLE);
    }

    @Test
    void fastRowsArePrefetchedInLargeNumbers() {
        assertThat(after(200, 10 * MICRO)).isEqualTo(Level.MANY);
    }

    @Test
    void rowsOfAThirdOfAMillisecondArePrefetchedInSmallerNumbers() {
        assertThat(after(200, 300 * MICRO)).isEqualTo(Level.SOME);
    }

    @Test
    void onlyAFewRowsOfSomeMillisecondsArePrefetched() {
        assertThat(after(200, 5 * MILLI)).isEqualTo(Level.FEW);
    }

    @Test
    void rowsAreReceivedOneAtATimeIfOneInTenIsSlow() {
        Level level = Level.MANY;
        for (int i = 0; i < 50; i++) {
            after(9, 10 * MICRO);
            level = after(1, 200 * MILLI);
        }

        assertThat(level).isEqualTo(Level.SINGLE);
    }

    @Test
    void aSingleRowThatWaitedForTheCpuChangesNothing() {
        after(2_000, 10 * MICRO);

        assertThat(after(1, 15 * MILLI)).isEqualTo(Level.MANY);
        for (int i = 0; i < 256; i++) {
            prefetch.add(10 * MICRO);
        }
        assertThat(prefetch.next(now)).isEqualTo(Level.MANY);
    }

    @Test
    void slowRowsAreReceivedOneAtATime() {
        assertThat(after(200, 50 * MILLI)).isEqualTo(Level.SINGLE);
    }

    @Test
    void theTimeOfTheFirstRowsIsNotMeasured() {
        after(2, 500 * MILLI);

        assertThat(after(50, 10 * MICRO)).isEqualTo(Level.MANY);
    }

    @Test
    void rowsThatBecomeSlowAreImmediatelyReceivedOneAtATime() {
        after(200, 10 * MICRO);

        assertThat(after(1, 500 * MILLI)).isLessThanOrEqualTo(Level.FEW);
        assertThat(after(2, 500 * MILLI)).isEqualTo(Level.SINGLE);
    }

    @Test
    void rowsNearALimitDoNotChangeTheLevelOften() {
        after(200, 10 * MICRO);
        Level before = prefetch.level();
        int changes = 0;
        for (int i = 0; i < 2_000; i++) {
            Level level = after(1, i % 2 == 0 ? 600 * MICRO : 3_100 * MICRO);
            changes += level == before ? 0 : 1;
            before = level;
        }

        assertThat(changes).isLessThan(10);
    }
}
