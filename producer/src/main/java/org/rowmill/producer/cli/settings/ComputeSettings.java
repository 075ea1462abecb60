package org.rowmill.producer.cli.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.PortRange;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code run}: where rows are computed. */
public final class ComputeSettings {

    @Option(
            names = "--cpu-limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "rows that this computer computes at once; 0 or less: one for each CPU"
                    + " (default: ${DEFAULT-VALUE})")
    private int cpuLimit;

    @Option(
            names = "--memory-per-slot",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "heap that a row needs, such as 500m or 4g: a computer with less memory computes fewer rows"
                    + " at once. All rows of a computer share 60 percent of its memory (default: not limited)")
    private @Nullable Long memoryPerSlot;

    @Option(
            names = "--in-process",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "compute in this process and nowhere else, for a debugger")
    private boolean inProcess;

    @Mixin
    private PortSettings ports;

    @Option(
            names = "--ssh-cluster-csv-path",
            paramLabel = "FILE",
            description = "cluster file: the other computers to use, over SSH")
    private @Nullable Path clusterCsv;

    @Mixin
    private ClusterSettings cluster;

    /** Created by picocli. */
    ComputeSettings() {}

    /**
     * Returns the options.
     *
     * @param project the root directory of the project
     * @throws WrongInput if they do not fit together or to this computer
     */
    public RunOptions.Compute options(Path project) {
        PortRange range = ports.range();
        return new RunOptions.Compute(
                Optional.ofNullable(clusterCsv).map(csv -> cluster.options(csv, project)),
                range.first(),
                range.count(),
                cpuLimit,
                memoryPerSlot == null ? OptionalLong.empty() : OptionalLong.of(memoryPerSlot),
                inProcess);
    }
}
