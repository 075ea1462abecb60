package org.rowmill.consumer.process;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.work.RowTask;
import org.rowmill.consumer.work.Worker;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ConsumerExit;

/** Starts the threads of the slots and those that watch them, and ends the process if one of them cannot continue. */
final class SlotThreads {

    private static final Duration PREFETCH_CHECK = Duration.ofMillis(100);

    private final BrokerLink link;
    private final RowTask.Shared shared;
    private final Shutdown shutdown;
    private final PrintStream out;

    SlotThreads(BrokerLink link, RowTask.Shared shared, Shutdown shutdown) {
        this.link = link;
        this.shared = shared;
        this.shutdown = shutdown;
        this.out = shared.site().out();
    }

    void start(List<TableModel> models, int slots) {
        Threads.startDaemon("rowmill-deadlines", () -> shared.deadlines().watch(this::endOverdue));
        List<Worker> workers = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            Worker worker = new Worker(link, new RowTask(slot, models, shared), shared.gate(), shutdown::isStopping);
            shutdown.waitFor(worker::isActive);
            workers.add(worker);
            Threads.startDaemon("rowmill-slot-" + slot, () -> work(worker));
        }
        Threads.startDaemon("rowmill-prefetch", () -> returnPrefetched(workers));
    }

    private void returnPrefetched(List<Worker> workers) {
        try {
            while (!shutdown.await(PREFETCH_CHECK)) {
                for (Worker worker : workers) {
                    worker.returnPrefetched(System.nanoTime());
                }
            }
        } catch (JMSException e) {
            shutdown.end(ConsumerExit.BROKER_LOST, "the broker does not take rows back: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Worker worker) {
        try (worker) {
            workUntilOutOfMemory(worker);
        } catch (JMSException e) {
            shutdown.end(ConsumerExit.BROKER_LOST, "the broker does not answer: " + e.getMessage());
        } catch (IOException e) {
            shutdown.end(ConsumerExit.INTERNAL, "it received a message that is not a row: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            e.printStackTrace(out);
            shutdown.end(ConsumerExit.INTERNAL, "this is a bug in Rowmill: " + e);
        }
    }

    /** Halts before the session is closed, which would pass the row to another slot. */
    private void workUntilOutOfMemory(Worker worker) throws JMSException, IOException {
        try {
            worker.work();
        } catch (OutOfMemoryError e) {
            shutdown.haltNow(ConsumerExit.OUT_OF_MEMORY, e);
        }
    }

    /**
     * Ends the process, because nothing else ends a thread that ignores interrupts. Rows of other slots return to the
     * broker.
     */
    private void endOverdue(int slot) {
        shared.rowsInSlots().markOverdue(slot);
        out.println("consumer ends: a row exceeded its time limit and ignores the interrupt; its thread is at");
        for (StackTraceElement frame : shared.deadlines().of(slot).stack()) {
            out.println("    at " + frame);
        }
        shutdown.end(ConsumerExit.OVERDUE);
    }
}
