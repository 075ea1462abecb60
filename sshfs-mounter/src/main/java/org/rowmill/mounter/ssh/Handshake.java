package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSchException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.rowmill.mounter.ConnectionStep;

/**
 * The progress of a login. JSch's thread enters one step after the other; the thread that wants the session waits, with
 * a time limit for each step. Thread-safe.
 */
final class Handshake {

    private final LongSupplier nanoTime;
    private ConnectionStep step = ConnectionStep.CONNECT;
    private long stepStart;
    private boolean ended;
    private Optional<JSchException> failure = Optional.empty();

    /**
     * Begins with {@link ConnectionStep#CONNECT}.
     *
     * @param nanoTime monotonic clock in nanoseconds
     */
    Handshake(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.stepStart = nanoTime.getAsLong();
    }

    /** Enters a step. An earlier step than the current one is ignored: JSch may ask more than once. */
    synchronized void enter(ConnectionStep next) {
        if (next.compareTo(step) > 0) {
            step = next;
            stepStart = nanoTime.getAsLong();
            notifyAll();
        }
    }

    synchronized void end(Optional<JSchException> cause) {
        ended = true;
        failure = cause;
        notifyAll();
    }

    synchronized ConnectionStep step() {
        return step;
    }

    synchronized Optional<JSchException> failure() {
        return failure;
    }

    /** Waits for the end of the login. Returns false as soon as one step exceeds the limit. */
    synchronized boolean await(Duration limit) throws InterruptedException {
        while (!ended) {
            long left = limit.toNanos() - (nanoTime.getAsLong() - stepStart);
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }
}
