package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.Rejection;
import org.rowmill.broker.Rejections;
import org.rowmill.schemas.protocol.ConsumerExit;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * What becomes of rows that were in the hands of a consumer that died: computed again, until they were there too often.
 * Thread-safe.
 */
public final class ConsumerCrashHandler {

    /** As a shell tells it, a process that a signal ended has this exit code plus the signal's number. */
    public static final int SIGNALLED = 128;

    private static final int KILL = 9;
    private static final Duration REDELIVERY = Duration.ofSeconds(5);
    private static final long REDELIVERY_POLL_MILLIS = 10;

    private final EmbeddedBroker broker;
    private final String rowsQueue;
    private final MessageCodec codec;
    private final Supplier<Optional<InFlightRows>> inFlight;
    private final Rejections rejections;

    /**
     * For one run.
     *
     * @param broker its broker
     * @param rowsQueue the queue that consumers take rows from
     * @param codec reads the rows still in that queue
     * @param inFlight of the table being computed
     * @param rejections is told of rows that nobody there was given
     */
    public ConsumerCrashHandler(
            EmbeddedBroker broker,
            String rowsQueue,
            MessageCodec codec,
            Supplier<Optional<InFlightRows>> inFlight,
            Rejections rejections) {
        this.rejections = rejections;
        this.broker = broker;
        this.rowsQueue = rowsQueue;
        this.codec = codec;
        this.inFlight = inFlight;
    }

    /**
     * How a consumer died, by its own doing or by that of its rows, not because its node was lost.
     *
     * @param inHand rows that it was computing
     * @param node its node's name
     * @param where as part of a sentence: blank on this computer, else {@code "on NODE "}
     * @param how it died, as part of a sentence
     * @param lastLines that it printed
     */
    public record Death(List<HeldRow> inHand, String node, String where, String how, List<String> lastLines) {
        public Death {
            inHand = List.copyOf(inHand);
            lastLines = List.copyOf(lastLines);
        }
    }

    /** Where a consumer ended for the sake of a row whose time was over, only that row has failed; else each may be a killer. */
    public void died(Death death) throws InterruptedException {
        Optional<InFlightRows> rows = inFlight.get();
        if (rows.isEmpty()) {
            return;
        }
        List<HeldRow> given = given(rows.get(), death);
        List<Long> overdue =
                given.stream().filter(HeldRow::isOverdue).map(HeldRow::number).toList();
        for (long row : overdue) {
            setAside(rows.get(), row, death.node(), overdue(death));
        }
        if (overdue.isEmpty()) {
            List<Long> all = given.stream().map(HeldRow::number).toList();
            String how = "the consumer " + death.where() + death.how() + " while it computed this row";
            for (long killer : rows.get().died(all, death.node(), died(how))) {
                String often = ", " + InFlightRows.CRASHES_OF_A_POISON_ROW + " times; the row is set aside";
                setAside(rows.get(), killer, death.node(), died(how + often));
            }
        }
    }

    /** Those in hand that were indeed given to somebody there: the rest is made up. */
    private List<HeldRow> given(InFlightRows rows, Death death) {
        List<HeldRow> given = death.inHand().stream()
                .filter(row -> rows.wasGiven(row.number(), row.token()))
                .toList();
        for (int i = given.size(); i < death.inHand().size(); i++) {
            rejections.rejected(death.node(), Rejection.TICKET);
        }
        return given;
    }

    private static Failure died(String message) {
        return new Failure("", "ConsumerDied", message, "", false);
    }

    private static Failure overdue(Death death) {
        String stack = death.lastLines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("at "))
                .collect(Collectors.joining("\n"));
        return new Failure(
                "",
                TimeoutException.class.getName(),
                "it took longer than it may (--timeout, @Column(timeout)) and did not end when it was interrupted;"
                        + " the consumer process was replaced",
                stack,
                true);
    }

    /** The broker takes the dead consumer's rows back a moment after its end; this one must not be handed out again. */
    private void setAside(InFlightRows rows, long row, String node, Failure failure) throws InterruptedException {
        long end = System.nanoTime() + REDELIVERY.toNanos();
        while (broker.removeWaiting(rowsQueue, body -> number(body) == row) == 0 && System.nanoTime() < end) {
            Thread.sleep(REDELIVERY_POLL_MILLIS);
        }
        rows.setAside(row, node, failure);
    }

    private long number(byte[] body) {
        try {
            return codec.decodeRow(body).row();
        } catch (IOException e) {
            return -1;
        }
    }

    /**
     * How a consumer ended, in a person's words.
     *
     * @param exitCode as a shell tells it
     * @param lastLines that it printed
     */
    public static String describe(int exitCode, List<String> lastLines) {
        if (lastLines.stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"))) {
            return "ran out of memory (java.lang.OutOfMemoryError)";
        }
        if (exitCode > SIGNALLED) {
            int signal = exitCode - SIGNALLED;
            return "was killed (signal " + signal
                    + (signal == KILL ? "), likely out of memory: the system ends the largest process then" : ")");
        }
        if (exitCode == ConsumerExit.OVERDUE) {
            return "ended since a row did not, whose time was over";
        }
        return "ended with exit code " + exitCode + " (System.exit, or a crash)";
    }
}
