package org.rowmill.producer.rundir;

import java.time.Clock;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Makes run ids of lower-case letters and digits. They sort by time, and are short because each message contains one. */
public final class RunId {

    private static final int RADIX = 36;
    private static final int RANDOM = RADIX * RADIX * RADIX;

    private RunId() {}

    /** Makes a run id. */
    public static String next(Clock clock, RandomGenerator random) {
        String time = Long.toString(clock.instant().getEpochSecond(), RADIX);
        String suffix = Integer.toString(RANDOM + random.nextInt(RANDOM), RADIX).substring(1);
        return (time + suffix).toLowerCase(Locale.ROOT);
    }
}
