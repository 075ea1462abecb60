package org.rowmill.producer.nodes;

import org.jspecify.annotations.Nullable;
import org.rowmill.mounter.NodeFault;

/**
 * Work of one thread that other threads can cancel for good. They interrupt the thread, but only while it does this
 * work: it also closes connections, which must not be interrupted.
 */
final class CancellableWork {

    private @Nullable Thread worker;
    private boolean isCancelled;

    /** Work that ends soon after an interrupt. */
    interface Work {
        void run() throws NodeFault, InterruptedException;
    }

    /**
     * Does the work on the calling thread.
     *
     * @throws InterruptedException if the work was cancelled, before or meanwhile
     */
    void run(Work work) throws NodeFault, InterruptedException {
        begin();
        try {
            work.run();
        } finally {
            end();
        }
    }

    private synchronized void begin() throws InterruptedException {
        if (isCancelled) {
            throw new InterruptedException("cancelled");
        }
        worker = Thread.currentThread();
    }

    private synchronized void end() {
        worker = null;
        if (isCancelled) {
            Thread.interrupted(); // the interrupt was for the work that has ended
        }
    }

    /** Cancels the work, and all work that would begin later. Returns at once. */
    synchronized void cancel() {
        isCancelled = true;
        Thread running = worker;
        if (running != null) {
            running.interrupt();
        }
    }
}
