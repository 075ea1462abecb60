package org.rowmill.schemas.protocol;

/** Exit codes of a consumer's process, by which the head knows why it ended. */
public final class ConsumerExit {

    /** The head has gone or wants no more. */
    public static final int DONE = 0;

    /** What it was given cannot be used. */
    public static final int WRONG_INPUT = 2;

    /** Out of memory, the same as the JVM's own with ExitOnOutOfMemoryError. */
    public static final int OUT_OF_MEMORY = 3;

    /** The broker has gone. */
    public static final int BROKER_LOST = 4;

    /** The head has gone without a word; the process ends as if {@link #DONE}, but must not take long over it. */
    public static final int HEAD_GONE = 5;

    /** A row does not end though its time is over; the file of rows in hand tells which. */
    public static final int OVERDUE = 6;

    /** A fault of ours. */
    public static final int INTERNAL = 70;

    private ConsumerExit() {}
}
