package org.rowmill.consumer.process;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.protocol.ConsumerExit;

/** Ends the process once, for the first thread that requests it. Thread-safe. */
final class Shutdown {

    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final long POLL_MILLIS = 5;

    private final PrintStream out;
    private final IntConsumer halt;
    private final List<BooleanSupplier> slots = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isStopping;
    private boolean isEnding;

    /**
     * Makes a shutdown that was not requested yet.
     *
     * @param out where the reason is printed
     * @param halt ends the JVM immediately, with an exit code
     */
    Shutdown(PrintStream out, IntConsumer halt) {
        this.out = out;
        this.halt = halt;
    }

    /** Adds a slot whose rows may finish before the process ends. */
    void waitFor(BooleanSupplier isActive) {
        slots.add(isActive);
    }

    /** Whether slots must receive no more rows. */
    boolean isStopping() {
        return isStopping;
    }

    /** Receives no more rows, and ends the process when the rows in the slots have finished, however long they take. */
    void drain() {
        isStopping = true;
        try {
            while (isAnySlotActive()) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            end(ConsumerExit.DONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends the process, prints why, and does not wait for it.
     *
     * @param exit why it ends
     * @param reason the same in words
     */
    void end(ConsumerExit exit, String reason) {
        if (begin()) {
            out.println("consumer ends: " + reason);
            Threads.startDaemon("rowmill-end", () -> halt(exit));
        }
    }

    /**
     * Ends the process, and does not wait for it. Rows that finish within the grace period are kept. Then the process
     * is halted, whatever user code does.
     *
     * @param exit why it ends
     */
    void end(ConsumerExit exit) {
        if (begin()) {
            Threads.startDaemon("rowmill-end", () -> halt(exit));
        }
    }

    private synchronized boolean begin() {
        boolean isFirst = !isEnding;
        isEnding = true;
        isStopping = true;
        return isFirst;
    }

    private void halt(ConsumerExit exit) {
        try {
            if (exit == ConsumerExit.DONE || exit == ConsumerExit.HEAD_GONE) {
                awaitIdleSlots();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
            halt.accept(exit.code());
        }
    }

    /** Does not wait for slots without a row: they wait for the broker, and the end of the process ends that too. */
    private void awaitIdleSlots() throws InterruptedException {
        long end = System.nanoTime() + GRACE.toNanos();
        while (isAnySlotActive() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean isAnySlotActive() {
        return slots.stream().anyMatch(BooleanSupplier::getAsBoolean);
    }

    /** Halts the process immediately, even if there is not enough memory to print the reason. */
    void haltNow(ConsumerExit exit, Throwable reason) {
        try {
            out.println("consumer ends: " + reason);
        } finally {
            halt.accept(exit.code());
        }
    }

    /** Waits for the end of the process; returns false if it did not end within the time. */
    boolean await(Duration time) throws InterruptedException {
        return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
