package org.rowmill.producer.console;

/** How the process ends. */
public final class ExitCode {

    public static final int DONE = 0;
    public static final int SOME_FAILED = 1;
    public static final int WRONG_INPUT = 2;
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
