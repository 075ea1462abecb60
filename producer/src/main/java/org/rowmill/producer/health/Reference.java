package org.rowmill.producer.health;

/**
 * Nodes that a node is compared with.
 *
 * @param name their name, as part of a sentence
 * @param known their first attempts
 * @param running upper bound of their first attempts that have no outcome yet; they count as failed
 * @param leastShare share of the rows that must fail on a node that is excluded in this comparison
 * @param weight part of the error probability that this comparison uses
 */
record Reference(String name, Sample known, long running, double leastShare, double weight) {

    /** Rows must fail at least this many times as often on a node that is excluded. */
    private static final double TIMES = 2;

    /**
     * Whether rows fail more often on a node than on these.
     *
     * @param node first attempts of the node; those that have no outcome yet count as succeeded
     * @param errorProbability how probable the answer true is at most, if rows do not fail more often there
     */
    boolean isBetterThan(Sample node, double errorProbability) {
        Sample attempts = known.plus(new Sample(running, 0));
        double share = node.failedShare();
        return share >= leastShare
                && share >= TIMES * attempts.failedShare()
                && node.probabilityIfLike(attempts) <= weight * errorProbability;
    }
}
