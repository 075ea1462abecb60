package org.rowmill.table;

import java.time.Duration;
import java.util.Objects;

/**
 * How an external program ended.
 *
 * @param exitCode the program's exit code; 128 + n when signal n ended it
 * @param output what it wrote to standard output, as UTF-8
 * @param error what it wrote to standard error, as UTF-8
 * @param wallTime from start to end
 * @param cpuTime user and system time of it and its children
 * @param peakMemoryBytes largest resident set of one process of the group, in bytes; 0 where unknown
 */
public record ProcessResult(
        int exitCode, String output, String error, Duration wallTime, Duration cpuTime, long peakMemoryBytes) {

    /**
     * Checks that nothing is missing.
     *
     * @param exitCode see the record
     * @param output not null
     * @param error not null
     * @param wallTime not null
     * @param cpuTime not null
     * @param peakMemoryBytes see the record
     */
    public ProcessResult {
        Objects.requireNonNull(output);
        Objects.requireNonNull(error);
        Objects.requireNonNull(wallTime);
        Objects.requireNonNull(cpuTime);
    }
}
