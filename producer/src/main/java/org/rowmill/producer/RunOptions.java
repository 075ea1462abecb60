package org.rowmill.producer;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
 * @param output directory of the tables
 * @param quick only so many rows of each index
 * @param dryRun only tell what would be computed
 * @param recompute columns whose stored values no longer count
 * @param retryFailed whether rows that failed in an earlier run are computed again
 * @param maxFailures when the run stops early
 * @param progress whether progress is shown
 * @param httpPort port to serve metrics on; empty: the first free one of the range
 * @param http whether metrics are served
 * @param ignoreBrokenParts go on without parts that cannot be read
 */
record RunOptions(
        Path project,
        List<String> tables,
        Optional<ClusterOptions> cluster,
        int port,
        int portCount,
        int cpuLimit,
        Path output,
        OptionalLong quick,
        boolean dryRun,
        Set<String> recompute,
        boolean retryFailed,
        MaxFailures maxFailures,
        boolean progress,
        OptionalInt httpPort,
        boolean http,
        boolean ignoreBrokenParts) {

    RunOptions {
        tables = List.copyOf(tables);
        recompute = Set.copyOf(recompute);
    }
}
