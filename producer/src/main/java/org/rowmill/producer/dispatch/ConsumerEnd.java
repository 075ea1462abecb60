package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.schemas.protocol.ConsumerExit;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * Why a consumer process ended that the run still needed.
 *
 * @param cause the kind of reason
 * @param how the reason as part of a sentence, such as {@code "was killed (signal 15)"}
 */
public record ConsumerEnd(Cause cause, String how) {

    /** A shell adds this to the number of the signal that ended a process. */
    private static final int SIGNALLED = 128;

    private static final int LAST_SIGNAL = 64;
    private static final int KILL = 9;

    /** What a consumer prints if it ends by itself. A line that the thread of a row prints has a prefix. */
    private static final Pattern REASON = Pattern.compile("(?:\\[.*] )?consumer ends: (.*)");

    private static final int LONGEST_REASON = 500;

    /** A JVM prints these lines before it ends. No line of a row begins so. */
    private static final String NATIVE_MEMORY = "# There is insufficient memory for the Java Runtime Environment";

    private static final String ERROR_FILE = "# An error report file with more information is saved as:";

    /** The kinds of reasons. */
    public enum Cause {
        /** The JVM ended or crashed, for example because a row called {@code System.exit}. */
        CRASHED,
        /** Another process killed it, for example the system because it was out of memory. */
        KILLED_BY_SIGNAL,
        /** Its heap was full, or the JVM got no memory of the system. */
        OUT_OF_MEMORY,
        /** A row exceeded its time limit and ignored the interrupt. */
        OVERDUE,
        /** Rowmill killed it because it sent no heartbeats. */
        HANGING,
        /** It lost the connection to the broker. */
        BROKER_LOST,
        /** It could not load the project. */
        NOT_LOADED,
        /** It ended because of a bug in Rowmill. */
        INTERNAL
    }

    /**
     * Finds out why a consumer ended. What Rowmill or the consumer itself knows comes first. An exit code alone proves
     * little, because a row can end the process with any code.
     *
     * @param exitCode as a shell reports it: 128 plus the signal's number for a process that was killed
     * @param inHand the rows that it was computing
     * @param lastLines the last lines that it printed
     * @param silence time since its last heartbeat when Rowmill killed it; empty: Rowmill did not
     */
    public static ConsumerEnd of(
            int exitCode, List<HeldRow> inHand, List<String> lastLines, Optional<Duration> silence) {
        int signal = signal(exitCode);
        if (silence.isPresent() && signal == KILL) {
            return new ConsumerEnd(
                    Cause.HANGING,
                    "was killed by Rowmill after " + silence.get().toSeconds() + " s without a heartbeat");
        }
        if (hasLine(lastLines, NATIVE_MEMORY)) {
            return new ConsumerEnd(Cause.OUT_OF_MEMORY, "ran out of memory (the system gave the JVM no more)");
        }
        return signal > 0 ? ofSignal(signal, lastLines) : ofExitCode(exitCode, inHand, lastLines);
    }

    private static int signal(int exitCode) {
        return exitCode > SIGNALLED && exitCode <= SIGNALLED + LAST_SIGNAL ? exitCode - SIGNALLED : 0;
    }

    private static ConsumerEnd ofSignal(int signal, List<String> lastLines) {
        if (hasLine(lastLines, ERROR_FILE)) {
            return new ConsumerEnd(Cause.CRASHED, "crashed in native code (signal " + signal + ")");
        }
        return new ConsumerEnd(
                Cause.KILLED_BY_SIGNAL,
                "was killed (signal " + signal + (signal == KILL ? "; the system may be out of memory)" : ")"));
    }

    private static boolean hasLine(List<String> lines, String beginning) {
        return lines.stream().anyMatch(line -> line.startsWith(beginning));
    }

    private static ConsumerEnd ofExitCode(int exitCode, List<HeldRow> inHand, List<String> lastLines) {
        if (exitCode == ConsumerExit.OVERDUE.code() && inHand.stream().anyMatch(HeldRow::isOverdue)) {
            return new ConsumerEnd(
                    Cause.OVERDUE, "stopped because a row exceeded its time limit and ignored the interrupt");
        }
        if (exitCode == ConsumerExit.OUT_OF_MEMORY.code() && hasOutOfMemoryError(lastLines)) {
            return new ConsumerEnd(Cause.OUT_OF_MEMORY, "ran out of memory (java.lang.OutOfMemoryError)");
        }
        return reason(lastLines)
                .flatMap(reason -> ofReason(exitCode, reason))
                .orElseGet(() -> new ConsumerEnd(
                        Cause.CRASHED, "ended with exit code " + exitCode + " (System.exit, or a crash)"));
    }

    /** A consumer that ends by itself with one of these codes has printed the reason. */
    private static Optional<ConsumerEnd> ofReason(int exitCode, String reason) {
        return ConsumerExit.of(exitCode).flatMap(exit -> switch (exit) {
            case WRONG_INPUT ->
                Optional.of(new ConsumerEnd(Cause.NOT_LOADED, "could not load the project (" + reason + ")"));
            case BROKER_LOST -> Optional.of(new ConsumerEnd(Cause.BROKER_LOST, "stopped (" + reason + ")"));
            case INTERNAL ->
                Optional.of(new ConsumerEnd(Cause.INTERNAL, "stopped with an internal error (" + reason + ")"));
            case DONE, OUT_OF_MEMORY, HEAD_GONE, OVERDUE -> Optional.empty();
        });
    }

    private static boolean hasOutOfMemoryError(List<String> lines) {
        return lines.stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"));
    }

    private static Optional<String> reason(List<String> lastLines) {
        return lastLines.stream()
                .map(REASON::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .map(text -> text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "…" : text)
                .reduce((earlier, later) -> later);
    }

    /** Returns whether a signal ended the process: it may have been killed before it could compute a row. */
    public boolean isKill() {
        return cause == Cause.KILLED_BY_SIGNAL || cause == Cause.HANGING;
    }
}
