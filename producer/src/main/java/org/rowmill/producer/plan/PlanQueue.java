package org.rowmill.producer.plan;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.schemas.WrongInput;

/**
 * Runs a plan on a thread of its own, a bounded number of rows ahead of the publisher: a slow {@code index()} keeps
 * nobody else waiting, and the number of rows is known early.
 */
public final class PlanQueue implements AutoCloseable {

    private static final int ROWS_AHEAD = 1 << 15;

    private final BlockingQueue<PlannedRow> rows = new ArrayBlockingQueue<>(ROWS_AHEAD);
    private final AtomicLong planned = new AtomicLong();
    private final Thread thread;
    private volatile boolean ended;
    private volatile @Nullable WrongInput fault;
    private volatile @Nullable Throwable error;

    public PlanQueue(Plan plan) {
        thread = new Thread(() -> find(plan), "rowmill-plan");
        thread.setDaemon(true);
        thread.start();
    }

    private void find(Plan plan) {
        try {
            plan.find(row -> {
                planned.incrementAndGet();
                rows.put(row);
            });
        } catch (WrongInput e) {
            fault = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            error = e;
        } finally {
            ended = true;
        }
    }

    @Nullable
    public PlannedRow poll() {
        return rows.poll();
    }

    @Nullable
    public PlannedRow poll(long millis) throws InterruptedException {
        return rows.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits until there is a row or it is clear that there is none. */
    public boolean awaitFirst(StopSignal stop) throws InterruptedException {
        while (rows.isEmpty() && !ended && !stop.isRequested()) {
            thread.join(1);
        }
        return !rows.isEmpty();
    }

    /** Whether the last row has been taken. */
    public boolean isExhausted() {
        return ended && rows.isEmpty();
    }

    /** Rows found so far. */
    public long planned() {
        return planned.get();
    }

    /** Whether {@link #planned()} is final. */
    public boolean hasEnded() {
        return ended;
    }

    /** What is wrong with the index, once it has ended. */
    public Optional<WrongInput> fault() {
        return Optional.ofNullable(fault);
    }

    /** Our own mistake, or the disk's, while planning. */
    public Optional<Throwable> error() {
        return Optional.ofNullable(error);
    }

    /** Stops listing; user code that ignores the interrupt is left to its daemon thread. */
    @Override
    public void close() {
        thread.interrupt();
        rows.clear();
        ended = true;
    }
}
