package org.rowmill.table;

import java.time.Duration;
import java.util.Objects;

/**
 * The result of an external program, which {@link RowContext#run} returns.
 *
 * @param exitCode the exit code; 128 + n if signal n ended the program
 * @param output what the program wrote to standard output, decoded as UTF-8
 * @param error what the program wrote to standard error, decoded as UTF-8
 * @param wallTime time from start to end
 * @param cpuTime user and system time of the program and its children
 * @param peakMemoryBytes largest resident set of one process of the program, in bytes; 0: unknown
 */
public record ProcessResult(
        int exitCode, String output, String error, Duration wallTime, Duration cpuTime, long peakMemoryBytes) {

    /**
     * Checks that no component is null.
     *
     * @param exitCode the exit code
     * @param output what the program wrote to standard output
     * @param error what the program wrote to standard error
     * @param wallTime time from start to end
     * @param cpuTime user and system time
     * @param peakMemoryBytes largest resident set in bytes
     */
    public ProcessResult {
        Objects.requireNonNull(output);
        Objects.requireNonNull(error);
        Objects.requireNonNull(wallTime);
        Objects.requireNonNull(cpuTime);
    }
}
