package org.rowmill.schemas.protocol;

import java.util.Arrays;
import java.util.Optional;

/** Why a consumer process ended. Its exit code shows this to the head. */
public enum ConsumerExit {

    /** The head has stopped the consumer, or has died. */
    DONE(0),

    /** The settings or the project are invalid. */
    WRONG_INPUT(2),

    /** Out of memory. The JVM uses the same code for {@code -XX:+ExitOnOutOfMemoryError}. */
    OUT_OF_MEMORY(3),

    /** The connection to the broker is lost. */
    BROKER_LOST(4),

    /** The head has died. The process exits with the code of {@link #DONE} instead, but as fast as possible. */
    HEAD_GONE(5),

    /** A row exceeded its time limit and ignored the interrupt. The file of held rows marks the row. */
    OVERDUE(6),

    /** A bug in Rowmill. */
    INTERNAL(70);

    private final int code;

    ConsumerExit(int code) {
        this.code = code;
    }

    /**
     * Returns the exit code of the process.
     *
     * @return a number from 0 to 127
     */
    public int code() {
        return code;
    }

    /**
     * Finds the reason for an exit code.
     *
     * @param code exit code of a consumer process
     * @return the reason; empty if no consumer ends with this code by itself
     */
    public static Optional<ConsumerExit> of(int code) {
        return Arrays.stream(values()).filter(exit -> exit.code == code).findFirst();
    }
}
