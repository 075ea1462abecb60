package org.rowmill.producer.options;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * The value of {@code --max-failures}: how many rows may fail before the run stops early.
 *
 * @param limit a number of rows, or a percentage of the finished rows
 * @param isPercent whether the limit is a percentage
 */
public record MaxFailures(double limit, boolean isPercent) {

    /** No limit. */
    public static final MaxFailures NONE = new MaxFailures(Double.POSITIVE_INFINITY, false);

    /** A percentage of fewer rows means little. */
    private static final int LEAST_ROWS_FOR_PERCENT = 20;

    private static final double HUNDRED = 100;

    public MaxFailures {
        if (!(limit >= 0) || (isPercent && limit > HUNDRED)) {
            throw new IllegalArgumentException("expected a count, or 0% to 100%");
        }
    }

    /**
     * Parses a count or a percentage.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static MaxFailures parse(String text) {
        boolean percent = text.endsWith("%");
        try {
            return percent
                    ? new MaxFailures(Double.parseDouble(text.substring(0, text.length() - 1)), true)
                    : new MaxFailures(Long.parseLong(text), false);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a count such as 10, or a percentage such as 5%", e);
        }
    }

    /** Returns whether the run must stop early. */
    public boolean isExceeded(long failed, long finished) {
        if (isPercent) {
            return finished >= LEAST_ROWS_FOR_PERCENT && failed * HUNDRED > limit * finished;
        }
        return failed > limit;
    }

    @Override
    public String toString() {
        DecimalFormat number = new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT));
        return number.format(limit) + (isPercent ? "%" : "");
    }
}
