package org.rowmill.producer.monitor;

import java.util.Arrays;

/**
 * How long rows take, estimated from rows that ended and from rows that are being computed. The rows that ended alone
 * would make the estimate too short, because short rows end first. So this is the estimator of Kaplan and Meier: a row
 * that has been computed for a time e counts as a row that takes as long as the known rows that took longer than e. If
 * none did, the row is expected to exceed the longest known row by as much again as it has exceeded it so far.
 */
final class RowTimeDistribution {

    private final double[] seconds;
    private final double[] weightUpTo;
    private final double mean;
    private final double longestEnded;

    /**
     * Estimates the distribution.
     *
     * @param ended times of rows that ended, in seconds, ascending; at least one
     * @param inHand for how long the others have been computed, in seconds, ascending
     */
    RowTimeDistribution(double[] ended, double[] inHand) {
        this.longestEnded = ended[ended.length - 1];
        boolean isExceeded = inHand.length > 0 && inHand[inHand.length - 1] > longestEnded;
        int count = ended.length + (isExceeded ? 1 : 0);
        seconds = Arrays.copyOf(ended, count);
        if (isExceeded) {
            seconds[count - 1] = 2 * inHand[inHand.length - 1] - longestEnded;
        }
        weightUpTo = new double[count];
        mean = distribute(ended.length + inHand.length, inHand);
    }

    /** Moves the weight of each row in hand evenly to the rows that took longer, and returns the mean. */
    private double distribute(int rows, double[] inHand) {
        double left = 1;
        double sum = 0;
        int censored = 0;
        for (int i = 0; i < seconds.length; i++) {
            while (censored < inHand.length && inHand[censored] < seconds[i]) {
                censored++;
            }
            boolean isLast = i + 1 == seconds.length;
            double weight = isLast ? left : left / Math.max(1, rows - i - censored);
            left -= weight;
            sum += weight * seconds[i];
            weightUpTo[i] = 1 - left;
        }
        return sum;
    }

    /** Returns the mean time of a row in seconds. */
    double mean() {
        return mean;
    }

    /**
     * Returns a quantile of the time of a row in seconds.
     *
     * @param part 0 to 1
     */
    double quantile(double part) {
        return at(0, part);
    }

    /**
     * Returns a quantile of the time that a row still needs, in seconds.
     *
     * @param elapsed for how long it has been computed, in seconds
     * @param part 0 to 1
     */
    double remaining(double elapsed, double part) {
        int longer = Arrays.binarySearch(seconds, elapsed);
        int first = longer >= 0 ? longer : -longer - 1;
        return first == seconds.length ? Math.max(0, elapsed - longestEnded) : at(first, part) - elapsed;
    }

    private double at(int first, double part) {
        double before = first == 0 ? 0 : weightUpTo[first - 1];
        double weight = before + part * (1 - before);
        int found = Arrays.binarySearch(weightUpTo, first, seconds.length, weight);
        return seconds[Math.min(seconds.length - 1, found >= 0 ? found : -found - 1)];
    }
}
