package org.rowmill.benchmarks;

import java.time.Duration;
import java.util.Locale;

/**
 * What {@link BareLoop} has measured.
 *
 * @param rows number of rows
 * @param run time from the first row published to the last transaction of results committed
 * @param headCpu CPU time of the head in this time, the broker included
 * @param consumerCpu CPU time of the consumer in this time
 */
record LoopTimes(int rows, Duration run, Duration headCpu, Duration consumerCpu) {

    private static final double NANOS = 1e9;

    /** Returns the line to print: names and values, times in seconds. */
    String line() {
        return String.format(
                Locale.ROOT,
                "rows=%d run_s=%.3f rows_per_s=%.0f head_cpu_s=%.2f consumer_cpu_s=%.2f",
                rows,
                seconds(run),
                rows / seconds(run),
                seconds(headCpu),
                seconds(consumerCpu));
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS;
    }
}
