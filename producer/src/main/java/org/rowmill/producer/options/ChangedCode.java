package org.rowmill.producer.options;

/** The value of {@code --changed-code}: what to do with stored values if the code of their column has changed. */
public enum ChangedCode {
    /** Keep them, and warn. */
    WARN,
    /** Compute them again, and the columns that need them. */
    RECOMPUTE,
    /** Reject the run before it starts. */
    REFUSE
}
