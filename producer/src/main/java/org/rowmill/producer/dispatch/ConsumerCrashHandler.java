package org.rowmill.producer.dispatch;

import java.util.List;
import org.rowmill.schemas.protocol.ConsumerExit;

/** Describes crashes. */
public final class ConsumerCrashHandler {

    /** A shell adds this to the number of the signal that ended a process. */
    public static final int SIGNALLED = 128;

    private static final int KILL = 9;

    private ConsumerCrashHandler() {}

    /**
     * Describes how a consumer process ended, as part of a sentence.
     *
     * @param exitCode as a shell reports it
     * @param lastLines the last lines that the process printed
     */
    public static String describe(int exitCode, List<String> lastLines) {
        if (lastLines.stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"))) {
            return "ran out of memory (java.lang.OutOfMemoryError)";
        }
        if (exitCode > SIGNALLED) {
            int signal = exitCode - SIGNALLED;
            return "was killed (signal " + signal + (signal == KILL ? "; the system may be out of memory)" : ")");
        }
        if (exitCode == ConsumerExit.OVERDUE.code()) {
            return "stopped because a row exceeded its time limit and ignored the interrupt";
        }
        return "ended with exit code " + exitCode + " (System.exit, or a crash)";
    }
}
