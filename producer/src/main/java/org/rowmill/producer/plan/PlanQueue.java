package org.rowmill.producer.plan;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.WrongInput;

/**
 * Runs a plan on its own thread, a limited number of rows ahead of the publisher. So a slow {@code index()} delays
 * nothing else, and the number of rows is known early.
 */
public final class PlanQueue implements AutoCloseable {

    private static final int ROWS_AHEAD = 1 << 15;

    /** If there is no room, the plan waits until half of the rows are taken. Otherwise each row would wake it. */
    private static final long WAIT_MILLIS = 5;

    private final BlockingQueue<PlannedRow> rows = new ArrayBlockingQueue<>(ROWS_AHEAD);
    private final AtomicLong planned = new AtomicLong();
    private final Thread thread;
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile @Nullable WrongInput fault;
    private volatile @Nullable Throwable error;

    public PlanQueue(Plan plan) {
        thread = Threads.startDaemon("rowmill-plan", () -> find(plan));
    }

    private void find(Plan plan) {
        try {
            plan.find(row -> {
                planned.incrementAndGet();
                if (!rows.offer(row)) {
                    awaitRoom();
                    rows.put(row);
                }
            });
        } catch (WrongInput e) {
            fault = e;
        } catch (InterruptedException e) {
            error = closed ? null : e; // an index() that interrupts its thread has not listed all rows
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            error = e;
        } finally {
            ended = true;
        }
    }

    private void awaitRoom() throws InterruptedException {
        while (rows.size() > ROWS_AHEAD / 2) {
            Thread.sleep(WAIT_MILLIS);
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

    /** Waits for the first row, and returns whether there is one. */
    public boolean awaitFirst(StopSignal stop) throws InterruptedException {
        while (rows.isEmpty() && !ended && !stop.isRequested()) {
            thread.join(1);
        }
        return !rows.isEmpty();
    }

    /** Returns whether the last row has been taken. */
    public boolean isExhausted() {
        return ended && rows.isEmpty();
    }

    /** Returns the number of rows found so far. */
    public long planned() {
        return planned.get();
    }

    /** Returns whether {@link #planned()} is final. */
    public boolean hasEnded() {
        return ended;
    }

    /** Returns what is wrong with the index, after the plan has ended. */
    public Optional<WrongInput> fault() {
        return Optional.ofNullable(fault);
    }

    /** Returns an internal error or an error of the disk, after the plan has ended. */
    public Optional<Throwable> error() {
        return Optional.ofNullable(error);
    }

    /** Stops listing. User code that ignores the interrupt continues on its daemon thread. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        rows.clear();
        ended = true;
    }
}
