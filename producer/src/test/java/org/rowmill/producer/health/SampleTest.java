package org.rowmill.producer.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void theTestIsFishersExactTest() {
        for (int failed = 0; failed <= 12; failed++) {
            for (int succeeded = 0; succeeded <= 12; succeeded++) {
                Sample other = new Sample(3, 17);
                assertThat(new Sample(failed, succeeded).probabilityIfLike(other))
                        .as("%d failed, %d succeeded", failed, succeeded)
                        .isCloseTo(exact(failed, succeeded, 3, 17), within(1e-12));
            }
        }
    }

    /** Counts the ways in which the failures can be distributed, in exact arithmetic. */
    private static double exact(int failed, int succeeded, int otherFailed, int otherSucceeded) {
        int here = failed + succeeded;
        int elsewhere = otherFailed + otherSucceeded;
        int allFailed = failed + otherFailed;
        BigInteger ways = BigInteger.ZERO;
        for (int x = failed; x <= Math.min(allFailed, here); x++) {
            ways = ways.add(choose(here, x).multiply(choose(elsewhere, allFailed - x)));
        }
        return new BigDecimal(ways)
                .divide(new BigDecimal(choose(here + elsewhere, allFailed)), MathContext.DECIMAL128)
                .doubleValue();
    }

    private static BigInteger choose(int n, int k) {
        BigInteger ways = BigInteger.ONE;
        for (int i = 0; i < k; i++) {
            ways = ways.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1L));
        }
        return k > n ? BigInteger.ZERO : ways;
    }

    @Test
    void countsOfAnySizeAreCompared() {
        Sample billions = new Sample(100_000_000_000L, 100_000_000_000L);

        assertThat(billions.probabilityIfLike(new Sample(0, 200_000_000_000L))).isLessThan(1e-9);
        assertThat(new Sample(0, 200_000_000_000L).probabilityIfLike(billions)).isEqualTo(1);
    }
}
