package org.rowmill.producer;

/** How the process ends. */
final class ExitCode {

    static final int DONE = 0;
    static final int SOME_FAILED = 1;
    static final int WRONG_INPUT = 2;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
