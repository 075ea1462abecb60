package org.rowmill.producer.cli;

/** The shape of an option that is on or off: {@code --dry-run} or {@code --dry-run=false}. */
final class Flag {

    /**
     * The value is optional: {@code --dry-run=false} overrides the environment and the file. Without a fallback value,
     * picocli assigns the opposite of the value in the environment or the file.
     */
    static final String ARITY = "0..1";

    static final String ON = "true";
    static final String OFF = "false";

    private Flag() {}
}
