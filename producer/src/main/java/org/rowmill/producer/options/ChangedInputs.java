package org.rowmill.producer.options;

/** The value of {@code --changed-inputs}: what to do with stored rows if the files of their index have changed. */
public enum ChangedInputs {
    /** Do not look at the files. */
    IGNORE,
    /** Keep the values, and warn. */
    WARN,
    /** Compute the rows again. */
    RECOMPUTE
}
