package org.rowmill.producer.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All options of one run; {@code docs/cli.md} tells what each does.
 *
 * @param project root directory of the project
 * @param tables names of the tables to compute; empty: all
 * @param cluster the other computers; empty: none
 * @param port first port of the range
 * @param portCount number of ports in the range
 * @param cpuLimit rows computed at once on this computer; 0 or less: one a CPU
 * @param memoryPerSlot bytes of heap that a row needs; empty: not told
 * @param output directory of the tables
 * @param quick only so many rows of each index
 * @param only only the row of this index, as text
 * @param inProcess whether the head computes in its own process
 * @param dryRun only tell what would be computed
 * @param recompute columns whose stored values no longer count
 * @param retryFailed whether rows that failed in an earlier run are computed again
 * @param maxFailures when the run stops early
 * @param timeout how long a row may take
 * @param stall after how long without a row there is a warning
 * @param retries how often a row that failed is computed again
 * @param progress whether progress is shown
 * @param http where metrics are served; empty: nowhere
 * @param diskWait how long the run waits when results cannot be written
 * @param ignoreBrokenParts go on without parts that cannot be read
 */
public record RunOptions(
        Path project,
        List<String> tables,
        Optional<ClusterOptions> cluster,
        int port,
        int portCount,
        int cpuLimit,
        OptionalLong memoryPerSlot,
        Path output,
        OptionalLong quick,
        Optional<String> only,
        boolean inProcess,
        boolean dryRun,
        Set<String> recompute,
        boolean retryFailed,
        MaxFailures maxFailures,
        RowTimeout timeout,
        Duration stall,
        int retries,
        boolean progress,
        Optional<HttpOptions> http,
        Duration diskWait,
        boolean ignoreBrokenParts) {

    public RunOptions {
        tables = List.copyOf(tables);
        recompute = Set.copyOf(recompute);
    }
}
