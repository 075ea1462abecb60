package org.rowmill.schemas;

import java.time.Duration;

/**
 * Computes how long to wait after failures: each further failure in a row multiplies the pause, up to a limit.
 * Thread-safe.
 *
 * @param first the pause after the first failure; more than zero
 * @param factor by how much each further failure multiplies the pause; at least 1
 * @param limit the longest pause; at least {@code first}
 */
public record BackOff(Duration first, int factor, Duration limit) {

    /** Checks the ranges. */
    public BackOff {
        if (first.isZero() || first.isNegative() || factor < 1 || limit.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "expected 0 < first <= limit and factor >= 1, not " + first + ", " + limit + " and " + factor);
        }
    }

    /**
     * Returns the pause after a failure.
     *
     * @param failures how many failures there were in a row, with this one; at least 1
     * @return between {@code first} and {@code limit}
     */
    public Duration after(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("expected at least 1 failure, not " + failures);
        }
        Duration pause = first;
        for (int i = 1; i < failures && factor > 1 && pause.compareTo(limit) < 0; i++) {
            pause = pause.multipliedBy(factor);
        }
        return pause.compareTo(limit) < 0 ? pause : limit;
    }
}
