package org.rowmill.producer;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.schemas.MessageCodec;
import org.rowmill.schemas.ResultMessage;
import org.rowmill.schemas.ResultMessage.Failure;

/**
 * Turns results into parts. Results are acknowledged only after the part that holds them is on the disk. Used by one
 * thread.
 */
final class Collector implements AutoCloseable {

    private static final int PART_ROWS = 10_000;
    private static final long PART_BYTES = 64L << 20;
    private static final long FIRST_PART_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PART_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long RECEIVE_MILLIS = 20;

    private final Session session;
    private final MessageConsumer consumer;
    private final MessageCodec codec;
    private final Ledger ledger;
    private final PartWriter writer;
    private final RunMetrics metrics;
    private final FailureSummary failures;
    private final Console console;
    private final Set<IndexKey> resolved = new HashSet<>();
    private long firstUnpublished;
    private long partNanos = FIRST_PART_NANOS;
    private int unacknowledged;

    Collector(
            Connection connection,
            String queue,
            MessageCodec codec,
            TableOutput output,
            RunMetrics metrics,
            Console console)
            throws JMSException {
        this.session = connection.createSession(true, Session.SESSION_TRANSACTED);
        this.consumer = session.createConsumer(session.createQueue(queue));
        this.codec = codec;
        this.ledger = output.ledger();
        this.writer = output.writer();
        this.failures = output.failures();
        this.metrics = metrics;
        this.console = console;
    }

    /**
     * Where the results of a table go.
     *
     * @param ledger which rows are out
     * @param writer takes the rows
     * @param failures groups the failures of this run
     */
    record TableOutput(Ledger ledger, PartWriter writer, FailureSummary failures) {}

    /**
     * Collects until no row is out and none will be.
     *
     * @param limit tells after each failure whether there are too many
     * @throws IOException when a part cannot be written; what was published before is safe
     */
    void collectAll(Runnable limit) throws JMSException, IOException {
        while (!ledger.isFinished()) {
            Message message = consumer.receive(RECEIVE_MILLIS);
            if (message != null) {
                handle((BytesMessage) message);
            }
            for (Ledger.SetAside row : ledger.takeSetAside()) {
                ledger.forget(row.number())
                        .ifPresent(planned -> fail(planned, "", row.attempts(), List.of(row.failure())));
            }
            limit.run();
            if (isPartFull()) {
                publish();
            }
        }
        publish();
    }

    /** Rows that had failed in an earlier run and were computed again in this one. */
    Set<IndexKey> resolved() {
        return resolved;
    }

    private void handle(BytesMessage message) throws JMSException {
        byte[] body = new byte[Math.toIntExact(message.getBodyLength())];
        message.readBytes(body);
        unacknowledged++;
        try {
            ResultMessage result = codec.decodeResult(body);
            ledger.take(result.row()).ifPresentOrElse(row -> add(row, result), metrics::countDouble);
        } catch (IOException e) {
            // Its row would be out for ever. Only the run's own consumers can send here, so it is our mistake.
            throw new IllegalStateException("a result cannot be read", e);
        }
    }

    private void add(PlannedRow row, ResultMessage result) {
        if (writer.rows() == 0) {
            firstUnpublished = System.nanoTime();
        }
        if (!result.values().isEmpty()) {
            writer.add(row.key(), row.index(), result.values());
        }
        if (result.failures().isEmpty()) {
            ledger.countDone();
            resolve(row);
        } else {
            fail(row, result.node(), result.attempt(), result.failures());
        }
        metrics.countRow(result);
    }

    private void fail(PlannedRow row, String node, int attempts, List<Failure> all) {
        Failure first = all.get(0);
        String columns = all.stream().map(Failure::columns).collect(Collectors.joining(","));
        writer.addFailed(new FailedRow(
                row.index(), columns, first.errorClass(), first.message(), first.stack(), node, attempts));
        ledger.countFailed();
        failures.add(row.index(), first);
        resolve(row);
    }

    private void resolve(PlannedRow row) {
        if (row.failedBefore()) {
            resolved.add(row.key());
        }
    }

    private boolean isPartFull() {
        return writer.rows() >= PART_ROWS
                || writer.bytes() >= PART_BYTES
                || (writer.rows() > 0 && System.nanoTime() - firstUnpublished >= partNanos);
    }

    private void publish() throws IOException, JMSException {
        if (writer.rows() > 0) {
            int rows = writer.rows();
            List<Path> parts = writer.publish();
            partNanos = Math.min(2 * partNanos, PART_NANOS); // early results are safe early; a long run has few parts
            metrics.countParts(parts);
            console.verbose("published " + rows + " rows: "
                    + parts.stream().map(part -> part.getFileName().toString()).collect(Collectors.joining(", ")));
        }
        if (unacknowledged > 0) {
            session.commit();
            unacknowledged = 0;
        }
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
