package org.rowmill.producer.rundir;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes run ids of lower-case letters and digits. They sort by time, and are short because each message contains one.
 */
public final class RunId {

    private static final int RADIX = 36;
    private static final int RANDOM_DIGITS = 3;
    private static final int RANDOM = RADIX * RADIX * RADIX;

    private RunId() {}

    /** Returns when a run began, to the second; empty if the text is not a run id. */
    public static Optional<Instant> start(String id) {
        try {
            String time = id.substring(0, Math.max(0, id.length() - RANDOM_DIGITS));
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(time, RADIX)));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Makes a run id. */
    public static String next(Clock clock, RandomGenerator random) {
        String time = Long.toString(clock.instant().getEpochSecond(), RADIX);
        String suffix = Integer.toString(RANDOM + random.nextInt(RANDOM), RADIX).substring(1);
        return (time + suffix).toLowerCase(Locale.ROOT);
    }
}
