package org.rowmill.producer.health;

import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Outcomes of first attempts.
 *
 * @param failed attempts that failed; not negative
 * @param succeeded attempts that computed the row; not negative
 */
record Sample(long failed, long succeeded) {

    static final Sample NONE = new Sample(0, 0);

    /** A larger sample is tested like one of this size, because the time of a test grows with the size. */
    private static final int MOST_BITS = 20;

    long total() {
        return failed + succeeded;
    }

    double failedShare() {
        return total() == 0 ? 0 : (double) failed / total();
    }

    Sample plus(Sample more) {
        return new Sample(failed + more.failed, succeeded + more.succeeded);
    }

    /**
     * Tests whether this sample fails more often than another one: Fisher's exact test, one-sided. If both fail with
     * the same probability, the result is at most p with a probability of at most p.
     *
     * @return how probable it is that at least as many of all failures are in this sample, if they are distributed at
     *     random over the attempts of both
     */
    double probabilityIfLike(Sample other) {
        Sample here = reduced();
        Sample there = other.reduced();
        return HypergeometricDistribution.of(
                        (int) (here.total() + there.total()), (int) (here.failed + there.failed), (int) here.total())
                .survivalProbability((int) here.failed - 1);
    }

    private Sample reduced() {
        int excess = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(total()) - MOST_BITS);
        return new Sample(failed >> excess, succeeded >> excess);
    }
}
