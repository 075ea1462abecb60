package org.rowmill.producer.health;

/**
 * An attempt at a row that ended with a result.
 *
 * @param row number of the row in the table
 * @param number of the attempt, from 1; attempts that ended with a crash of the consumer count, too
 * @param node that made the attempt
 * @param start time at which the attempt began, as of {@link System#nanoTime}
 */
public record Attempt(long row, int number, String node, long start) {

    boolean isFirst() {
        return number == 1;
    }
}
