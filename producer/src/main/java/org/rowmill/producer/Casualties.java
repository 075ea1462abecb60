package org.rowmill.producer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.schemas.MessageCodec;
import org.rowmill.schemas.ResultMessage.Failure;

/**
 * What becomes of rows that were in the hands of a consumer that died: computed again, until they were there too often.
 * Thread-safe.
 */
final class Casualties {

    /** As a shell tells it, a process that a signal ended has this exit code plus the signal's number. */
    static final int SIGNALLED = 128;

    private static final int KILL = 9;
    private static final Duration REDELIVERY = Duration.ofSeconds(5);
    private static final long REDELIVERY_POLL_MILLIS = 10;

    private final EmbeddedBroker broker;
    private final String rowsQueue;
    private final MessageCodec codec;
    private final Supplier<Optional<Ledger>> ledger;

    /**
     * For one run.
     *
     * @param broker its broker
     * @param rowsQueue the queue that consumers take rows from
     * @param codec reads the rows still in that queue
     * @param ledger of the table being computed
     */
    Casualties(EmbeddedBroker broker, String rowsQueue, MessageCodec codec, Supplier<Optional<Ledger>> ledger) {
        this.broker = broker;
        this.rowsQueue = rowsQueue;
        this.codec = codec;
        this.ledger = ledger;
    }

    /**
     * A consumer died by its own doing or by that of its rows, not because its node was lost.
     *
     * @param inHand rows that it was computing
     * @param node where; empty: this computer
     * @param how it died, as part of a sentence
     */
    void died(List<Long> inHand, String node, String how) throws InterruptedException {
        Optional<Ledger> rows = ledger.get();
        if (rows.isPresent()) {
            for (long killer : rows.get().died(inHand)) {
                setAside(rows.get(), killer, node, how);
            }
        }
    }

    /** The broker takes the dead consumer's rows back a moment after its end; the killer must not be handed out again. */
    private void setAside(Ledger rows, long killer, String node, String how) throws InterruptedException {
        long end = System.nanoTime() + REDELIVERY.toNanos();
        while (broker.removeWaiting(rowsQueue, body -> number(body) == killer) == 0 && System.nanoTime() < end) {
            Thread.sleep(REDELIVERY_POLL_MILLIS);
        }
        String message = "the consumer " + (node.isEmpty() ? "" : "on " + node + " ") + how
                + " while it computed this row, " + Ledger.DEATHS_OF_A_KILLER + " times; the row is set aside";
        rows.setAside(killer, new Failure("", "ConsumerDied", message, ""));
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
    static String describe(int exitCode, List<String> lastLines) {
        if (lastLines.stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"))) {
            return "ran out of memory (java.lang.OutOfMemoryError)";
        }
        if (exitCode > SIGNALLED) {
            int signal = exitCode - SIGNALLED;
            return "was killed (signal " + signal
                    + (signal == KILL ? ", often the system's when it is out of memory)" : ")");
        }
        return "ended with exit code " + exitCode + " (System.exit, or a crash)";
    }
}
