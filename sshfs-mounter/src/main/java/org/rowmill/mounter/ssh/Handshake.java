package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSchException;
import java.time.Duration;
import java.util.Optional;
import org.rowmill.mounter.Step;

/** How far a login is: JSch's thread goes from step to step, the one that asked for it waits, no longer than the limit at each. */
final class Handshake {

    private Step step = Step.CONNECT;
    private long since = System.nanoTime();
    private boolean ended;
    private Optional<JSchException> failure = Optional.empty();

    /** Steps are entered once, in their order. */
    synchronized void enter(Step next) {
        if (next.compareTo(step) > 0) {
            step = next;
            since = System.nanoTime();
            notifyAll();
        }
    }

    synchronized void end(Optional<JSchException> cause) {
        ended = true;
        failure = cause;
        notifyAll();
    }

    synchronized Step step() {
        return step;
    }

    synchronized Optional<JSchException> failure() {
        return failure;
    }

    /** Whether it ended, well or not, with no step beyond the limit. */
    synchronized boolean await(Duration limit) throws InterruptedException {
        while (!ended) {
            long left = limit.toNanos() - (System.nanoTime() - since);
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }
}
