package org.rowmill.producer.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.rowmill.schemas.WrongInput;

/** Exit codes of the process. {@code docs/cli.md} lists them. */
public final class ExitCode {

    public static final int DONE = 0;
    public static final int SOME_FAILED = 1;
    public static final int WRONG_INPUT = 2;
    public static final int INTERNAL_ERROR = 70;
    public static final int IO_ERROR = 74;
    public static final int INTERRUPTED = 130;
    public static final int TERMINATED = 143;

    private ExitCode() {}

    /** Returns the exit code of a command that ends with this exception. */
    public static int of(Throwable e) {
        if (e instanceof WrongInput) {
            return WRONG_INPUT;
        }
        boolean isIo = e instanceof UnwritableResults || e instanceof IOException || e instanceof UncheckedIOException;
        return isIo ? IO_ERROR : INTERNAL_ERROR;
    }

    /**
     * Returns the exit code of a run that ends because of a signal.
     *
     * @param name the signal without SIG, such as INT
     */
    public static int ofSignal(String name) {
        return name.equals("TERM") ? TERMINATED : INTERRUPTED;
    }
}
