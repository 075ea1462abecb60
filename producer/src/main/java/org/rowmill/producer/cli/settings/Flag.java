package org.rowmill.producer.cli.settings;

/** The shape of an option that is on or off: {@code --dry-run} or {@code --dry-run=false}. */
public final class Flag {

    /**
     * The value is optional: {@code --dry-run=false} overrides the environment and the file. Without a fallback value,
     * picocli assigns the opposite of the value in the environment or the file.
     */
    public static final String ARITY = "0..1";

    public static final String ON = "true";
    public static final String OFF = "false";

    private Flag() {}
}
