package org.rowmill.producer.cli.settings;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.options.ChangedCode;
import org.rowmill.producer.options.ChangedInputs;
import org.rowmill.producer.options.RemovedRows;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Option;

/** Options of {@code run}: which rows and columns to compute. */
public final class RowSettings {

    @Option(names = "--quick", paramLabel = "N", description = "compute only the first N rows of each index")
    private @Nullable Long quick;

    @Option(
            names = "--only",
            paramLabel = "INDEX",
            description = "compute only the row with this index, written as show prints it; join several components"
                    + " with commas")
    private @Nullable String only;

    @Option(
            names = "--recompute",
            paramLabel = "COLUMN",
            split = ",",
            description = "compute these columns again, and the columns that need them")
    private Set<String> recompute = new LinkedHashSet<>();

    @Option(
            names = "--retry-failed",
            arity = "1",
            paramLabel = "yes|no",
            defaultValue = "yes",
            converter = Converters.YesNo.class,
            description = "compute rows again that failed in an earlier run (default: ${DEFAULT-VALUE})")
    private Boolean retryFailed;

    @Option(
            names = "--changed-code",
            paramLabel = "warn|recompute|refuse",
            defaultValue = "warn",
            converter = Converters.ChangedCodeConverter.class,
            description = "what to do with stored values if the code of their column has changed: keep them and warn,"
                    + " compute them again, or reject the run (default: ${DEFAULT-VALUE})")
    private ChangedCode changedCode;

    @Option(
            names = "--changed-inputs",
            paramLabel = "ignore|warn|recompute",
            defaultValue = "warn",
            converter = Converters.ChangedInputsConverter.class,
            description = "what to do with stored rows if files that their index names have changed: do not look, keep"
                    + " the values and warn, or compute the rows again (default: ${DEFAULT-VALUE})")
    private ChangedInputs changedInputs;

    @Option(
            names = "--removed",
            paramLabel = "keep|hide|delete",
            defaultValue = "keep",
            converter = Converters.RemovedRowsConverter.class,
            description = "what to do with stored rows that index() does not list any more: keep them for all readers,"
                    + " hide them from report and show, or delete them (default: ${DEFAULT-VALUE})")
    private RemovedRows removed;

    /** Created by picocli. */
    RowSettings() {}

    /**
     * Returns the options.
     *
     * @throws WrongInput if a value is out of range
     */
    public RunOptions.Rows options() {
        if (quick != null && quick < 0) {
            throw new WrongInput("--quick: expected a number of rows, not " + quick);
        }
        return new RunOptions.Rows(
                quick == null ? OptionalLong.empty() : OptionalLong.of(quick),
                Optional.ofNullable(only),
                recompute,
                retryFailed,
                changedCode,
                changedInputs,
                removed);
    }
}
