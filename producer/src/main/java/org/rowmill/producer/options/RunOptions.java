package org.rowmill.producer.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All options of one run. {@code docs/cli.md} describes each option.
 *
 * @param project root directory of the project
 * @param code where the sources are, and how they are compiled
 * @param tables names of the tables to compute; empty: all
 * @param rows which rows and columns the run computes
 * @param limits when the run retries, waits, warns and stops
 * @param compute where rows are computed
 * @param environment names of the environment variables that project code needs
 * @param store where and how tables are stored
 * @param dryRun whether the run only prints what it would compute
 * @param progress whether the run shows its progress
 * @param http where the run serves metrics; empty: nowhere
 */
public record RunOptions(
        Path project,
        Code code,
        List<String> tables,
        Rows rows,
        Limits limits,
        Compute compute,
        List<String> environment,
        Store store,
        boolean dryRun,
        boolean progress,
        Optional<HttpOptions> http) {

    public RunOptions {
        tables = List.copyOf(tables);
        environment = List.copyOf(environment);
    }

    /**
     * Where the sources of the project are, and how they are compiled.
     *
     * @param sources directories of sources, relative to the project; empty: by convention
     * @param release the Java that the classes need, 17 or newer
     */
    public record Code(List<Path> sources, int release) {

        /** The oldest Java that Rowmill supports. */
        public static final int OLDEST_RELEASE = 17;

        /** The defaults. */
        public static final Code DEFAULT = new Code(List.of(), OLDEST_RELEASE);

        public Code {
            sources = List.copyOf(sources);
        }
    }

    /**
     * Which rows and columns the run computes.
     *
     * @param quick only the first rows of each index, as many as given
     * @param only only the row of this index, as text
     * @param recompute columns to compute again even if their values are stored
     * @param retryFailed whether the run computes rows that failed in an earlier run
     * @param changedCode what to do with values of columns whose code has changed
     * @param changedInputs what to do with rows whose files have changed
     * @param removed what to do with stored rows that {@code index()} does not list
     */
    public record Rows(
            OptionalLong quick,
            Optional<String> only,
            Set<String> recompute,
            boolean retryFailed,
            ChangedCode changedCode,
            ChangedInputs changedInputs,
            RemovedRows removed) {
        public Rows {
            recompute = Set.copyOf(recompute);
        }
    }

    /**
     * When the run retries, waits, warns and stops.
     *
     * @param timeout how long a row may take
     * @param retries how often the run retries a failed row; 0 or more
     * @param maxFailures how many failed rows end the run early
     * @param stall the run warns if no row finishes for this long
     * @param diskWait how long the run waits if it cannot write results
     */
    public record Limits(RowTimeout timeout, int retries, MaxFailures maxFailures, Duration stall, Duration diskWait) {}

    /**
     * Where rows are computed.
     *
     * @param cluster the other nodes; empty: none
     * @param port first port of the range
     * @param portCount number of ports in the range
     * @param cpuLimit slots of the head; 0 or less: one for each CPU
     * @param memoryPerSlot bytes of heap that a row needs; empty: unknown
     * @param inProcess whether the head computes rows in its own process
     */
    public record Compute(
            Optional<ClusterOptions> cluster,
            int port,
            int portCount,
            int cpuLimit,
            OptionalLong memoryPerSlot,
            boolean inProcess) {}

    /**
     * Where and how tables are stored.
     *
     * @param output directory of the tables
     * @param ignoreBrokenParts whether the run continues without parts that it cannot read
     */
    public record Store(Path output, boolean ignoreBrokenParts) {}
}
