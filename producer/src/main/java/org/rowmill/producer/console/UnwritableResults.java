package org.rowmill.producer.console;

import java.io.IOException;
import java.util.Objects;

/** Results cannot be written, and the run does not wait any longer. The run ends with {@link ExitCode#IO_ERROR}. */
public final class UnwritableResults extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message where, why, and what to do; printed without a stack trace
     * @param cause the last error
     */
    public UnwritableResults(String message, IOException cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage(), "the constructor sets it");
    }
}
