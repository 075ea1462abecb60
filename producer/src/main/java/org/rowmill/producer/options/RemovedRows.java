package org.rowmill.producer.options;

/** The value of {@code --removed}: what to do with stored rows that {@code index()} does not list any more. */
public enum RemovedRows {
    /** They stay in the table for all readers. */
    KEEP,
    /** They stay in the parts, but {@code report} and {@code show} leave them out. */
    HIDE,
    /** They are deleted. */
    DELETE
}
