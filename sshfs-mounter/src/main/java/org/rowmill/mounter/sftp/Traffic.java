package org.rowmill.mounter.sftp;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts what goes through one node's mount. Thread-safe. Each counter only grows; together they are no snapshot. */
public final class Traffic {

    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder steps = new LongAdder();
    private volatile boolean answering;
    private final Optional<Traffic> total;

    /** Makes counters that are zero. */
    public Traffic() {
        this.total = Optional.empty();
    }

    /**
     * Makes counters that are zero, and that other counters include.
     *
     * @param total counts everything that these counters count, besides what others count
     */
    public Traffic(Traffic total) {
        this.total = Optional.of(total);
    }

    /**
     * Returns how many bytes of files the node has read.
     *
     * @return bytes
     */
    public long bytesRead() {
        return bytesRead.sum();
    }

    /**
     * Returns how many bytes of files the node has written.
     *
     * @return bytes
     */
    public long bytesWritten() {
        return bytesWritten.sum();
    }

    /**
     * Returns how many requests of any kind have arrived. Each costs the node a round trip.
     *
     * @return a count
     */
    public long operations() {
        return operations.sum();
    }

    void countRead(int bytes) {
        bytesRead.add(bytes);
        total.ifPresent(all -> all.countRead(bytes));
    }

    void countWritten(int bytes) {
        bytesWritten.add(bytes);
        total.ifPresent(all -> all.countWritten(bytes));
    }

    void countOperation() {
        operations.increment();
        total.ifPresent(Traffic::countOperation);
    }

    /** Counts a step: some bytes have moved, in either direction. On a slow link, a request consists of many steps. */
    public void countStep() {
        steps.increment();
    }

    /**
     * Returns how many steps were counted.
     *
     * @return a count
     */
    public long steps() {
        return steps.sum();
    }

    /**
     * Records whether the server is waiting for the head's file system.
     *
     * @param isAnswering true while a request is answered
     */
    public void answering(boolean isAnswering) {
        answering = isAnswering;
    }

    /**
     * Returns whether the server is waiting for the head's file system.
     *
     * @return true while a request is answered
     */
    public boolean isAnswering() {
        return answering;
    }
}
