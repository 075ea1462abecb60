package org.rowmill.schemas.protocol;

/** Exit codes of a consumer process. They show the head why the process ended. */
public final class ConsumerExit {

    /** The head has stopped the consumer, or has died. */
    public static final int DONE = 0;

    /** The settings or the project are invalid. */
    public static final int WRONG_INPUT = 2;

    /** Out of memory. The JVM uses the same code for {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int OUT_OF_MEMORY = 3;

    /** The connection to the broker is lost. */
    public static final int BROKER_LOST = 4;

    /** The head has died. The process exits with {@link #DONE} instead, but as fast as possible. */
    public static final int HEAD_GONE = 5;

    /** A row exceeded its time limit and ignored the interrupt. The file of held rows marks the row. */
    public static final int OVERDUE = 6;

    /** A bug in Rowmill. */
    public static final int INTERNAL = 70;

    private ConsumerExit() {}
}
