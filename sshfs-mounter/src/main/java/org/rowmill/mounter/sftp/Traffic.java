package org.rowmill.mounter.sftp;

import java.util.concurrent.atomic.LongAdder;

/** What went through one node's mount. Thread-safe; each number alone only ever grows. */
public final class Traffic {

    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder steps = new LongAdder();
    private volatile boolean answering;

    /** Nothing yet. */
    public Traffic() {}

    /**
     * Contents of files that went to the node.
     *
     * @return bytes
     */
    public long bytesRead() {
        return bytesRead.sum();
    }

    /**
     * Contents of files that came from the node.
     *
     * @return bytes
     */
    public long bytesWritten() {
        return bytesWritten.sum();
    }

    /**
     * Requests answered, of all kinds: each costs the node a round trip.
     *
     * @return a count
     */
    public long operations() {
        return operations.sum();
    }

    void countRead(int bytes) {
        bytesRead.add(bytes);
    }

    void countWritten(int bytes) {
        bytesWritten.add(bytes);
    }

    void countOperation() {
        operations.increment();
    }

    /** Some bytes of the stream have moved, in either direction: less than a request on a slow link. */
    public void countStep() {
        steps.increment();
    }

    public long steps() {
        return steps.sum();
    }

    /** Says that a request is with the head's file system, or no longer. */
    public void answering(boolean is) {
        answering = is;
    }

    public boolean isAnswering() {
        return answering;
    }
}
