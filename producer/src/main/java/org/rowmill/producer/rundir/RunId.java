package org.rowmill.producer.rundir;

import java.time.Clock;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Makes run ids: lower-case letters and digits, short since each message carries one, sorted by time. */
public final class RunId {

    private static final int RADIX = 36;
    private static final int RANDOM = RADIX * RADIX * RADIX;

    private RunId() {}

    public static String next(Clock clock, RandomGenerator random) {
        String time = Long.toString(clock.instant().getEpochSecond(), RADIX);
        String tail = Integer.toString(RANDOM + random.nextInt(RANDOM), RADIX).substring(1);
        return (time + tail).toLowerCase(Locale.ROOT);
    }
}
