package org.rowmill.producer.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.rowmill.broker.Rejection;
import org.rowmill.broker.Rejections;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * Decides what happens to the rows that a consumer was computing when it crashed: they are computed again, and given up
 * after several crashes. Thread-safe.
 */
public final class ConsumerCrashHandler {

    private static final Duration REDELIVERY = Duration.ofSeconds(5);
    private static final long REDELIVERY_POLL_MILLIS = 10;

    private final RowQueue queue;
    private final Supplier<Optional<InFlightRows>> inFlight;
    private final Rejections rejections;

    /**
     * Creates a handler for one run.
     *
     * @param queue from which consumers take rows
     * @param inFlight rows in flight of the table that is being computed
     * @param rejections counts rows that the consumer claims, but did not receive
     */
    public ConsumerCrashHandler(RowQueue queue, Supplier<Optional<InFlightRows>> inFlight, Rejections rejections) {
        this.queue = queue;
        this.inFlight = inFlight;
        this.rejections = rejections;
    }

    /**
     * Handles the rows of a crashed consumer. If the consumer ended because of rows that exceeded their time limit,
     * only those rows have failed. Otherwise each row may be the cause of the crash.
     */
    public void crashed(ConsumerCrash crash) throws InterruptedException {
        Optional<InFlightRows> rows = inFlight.get();
        if (rows.isEmpty()) {
            return;
        }
        List<HeldRow> held = checked(rows.get(), crash);
        List<Long> overdue =
                held.stream().filter(HeldRow::isOverdue).map(HeldRow::number).toList();
        for (long row : overdue) {
            fail(rows.get(), row, crash.node(), overdueFailure(crash));
        }
        if (overdue.isEmpty()) {
            countCrash(rows.get(), held.stream().map(HeldRow::number).toList(), crash);
        }
    }

    private void countCrash(InFlightRows rows, List<Long> held, ConsumerCrash crash) throws InterruptedException {
        String how = "the consumer " + crash.where() + crash.how() + " while it computed this row";
        for (long poisonRow : rows.recordCrash(held, crash.node(), crashFailure(how))) {
            String times = ", " + InFlightRows.CRASHES_OF_A_POISON_ROW + " times; the row is given up";
            fail(rows, poisonRow, crash.node(), crashFailure(how + times));
        }
    }

    /** Returns the rows whose tokens are valid, and rejects the others. */
    private List<HeldRow> checked(InFlightRows rows, ConsumerCrash crash) {
        List<HeldRow> valid = crash.inHand().stream()
                .filter(row -> rows.isValidToken(row.number(), row.token()))
                .toList();
        for (int i = valid.size(); i < crash.inHand().size(); i++) {
            rejections.rejected(crash.node(), Rejection.TOKEN);
        }
        return valid;
    }

    private static Failure crashFailure(String message) {
        return new Failure("", "ConsumerCrashed", message, "", false);
    }

    private static Failure overdueFailure(ConsumerCrash crash) {
        String stack = crash.lastLines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("at "))
                .collect(Collectors.joining("\n"));
        return new Failure(
                "",
                TimeoutException.class.getName(),
                "exceeded its time limit (--timeout, @Column(timeout)) and ignored the interrupt;"
                        + " the consumer was replaced",
                stack,
                true);
    }

    /**
     * Removes the row from the queue first: the broker puts it back a moment after the crash, but it must not run
     * again.
     */
    private void fail(InFlightRows rows, long row, String node, Failure failure) throws InterruptedException {
        long end = System.nanoTime() + REDELIVERY.toNanos();
        while (!queue.remove(row) && System.nanoTime() < end) {
            Thread.sleep(REDELIVERY_POLL_MILLIS);
        }
        rows.recordFailure(row, node, failure);
    }
}
