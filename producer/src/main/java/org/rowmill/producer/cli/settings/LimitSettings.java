package org.rowmill.producer.cli.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.options.MaxFailures;
import org.rowmill.producer.options.RowTimeout;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Option;

/** Options of {@code run}: when it retries, waits, warns and stops. */
public final class LimitSettings {

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "1",
            description = "number of retries of a failed row, on another node if there is one"
                    + " (default: ${DEFAULT-VALUE})")
    private int retries;

    @Option(
            names = "--max-failures",
            paramLabel = "N|P%",
            converter = Converters.FailureLimit.class,
            description = "stop early if more than N rows have failed, or more than P percent of the finished rows"
                    + " (default: never)")
    private @Nullable MaxFailures maxFailures;

    @Option(
            names = "--timeout",
            paramLabel = "TIME|auto|none",
            defaultValue = "none",
            converter = Converters.Timeout.class,
            description = "time limit of a row, such as 30s or 2h; auto: ten times the median of the rows computed so"
                    + " far, at least 30s, once 20 rows are computed (default: ${DEFAULT-VALUE})")
    private RowTimeout timeout;

    @Option(
            names = "--stall",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Converters.Time.class,
            description = "warn, and say what the run waits for, if no row finishes for this time"
                    + " (default: ${DEFAULT-VALUE})")
    private Duration stall;

    @Option(
            names = "--disk-wait",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Converters.Time.class,
            description = "how long to wait if results cannot be written, for example because the disk is full"
                    + " (default: ${DEFAULT-VALUE})")
    private Duration diskWait;

    /** Created by picocli. */
    LimitSettings() {}

    /**
     * Returns the options.
     *
     * @throws WrongInput if a value is out of range
     */
    public RunOptions.Limits options() {
        if (retries < 0) {
            throw new WrongInput("--retries: expected 0 or more, not " + retries);
        }
        return new RunOptions.Limits(
                timeout, retries, maxFailures == null ? MaxFailures.NONE : maxFailures, stall, diskWait);
    }
}
