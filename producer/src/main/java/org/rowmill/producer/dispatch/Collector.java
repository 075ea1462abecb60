package org.rowmill.producer.dispatch;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.broker.Rejection;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.keys.IndexKey;

/**
 * Turns results into parts. Results are acknowledged only after the part that holds them is on the disk. Used by one
 * thread.
 */
public final class Collector implements AutoCloseable {

    private static final int PART_ROWS = 10_000;
    private static final long PART_BYTES = 64L << 20;
    private static final long FIRST_PART_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PART_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long RECEIVE_MILLIS = 20;

    private final Session session;
    private final MessageConsumer consumer;
    private final MessageCodec codec;
    private final int table;
    private final InFlightRows inFlight;
    private final PartWriter writer;
    private final int columns;
    private final RowJournal journal;
    private final DiskWait disk;
    private final RunMetrics metrics;
    private final TableOutput output;
    private final RowCompletion completion;
    private final Console console;
    private long firstUnpublished;
    private long partNanos = FIRST_PART_NANOS;
    private int unacknowledged;
    private long unacknowledgedBytes;

    public Collector(
            Connection connection,
            String queue,
            MessageCodec codec,
            TableOutput output,
            int table,
            RunMetrics metrics,
            Console console)
            throws JMSException {
        this.session = connection.createSession(true, Session.SESSION_TRANSACTED);
        this.consumer = session.createConsumer(session.createQueue(queue));
        this.codec = codec;
        this.table = table;
        this.inFlight = output.inFlight();
        this.writer = output.writer();
        this.columns = output.columns();
        this.output = output;
        this.journal = output.journal();
        this.disk = output.disk();
        this.completion = new RowCompletion(output, metrics);
        this.metrics = metrics;
        this.console = console;
    }

    /**
     * Collects until no row is out and none will be.
     *
     * @param limit tells after each failure whether there are too many
     * @throws IOException when a part cannot be written; what was published before is safe
     */
    public void collectAll(Runnable limit) throws JMSException, IOException, InterruptedException {
        while (!inFlight.isFinished()) {
            Message message = consumer.receive(RECEIVE_MILLIS);
            if (message != null) {
                handle(message);
            }
            for (InFlightRows.CrashedAttempt crash : inFlight.takeCrashes()) {
                inFlight.find(crash.number()).ifPresent(row -> completion.add(row, crash));
            }
            output.retries().sendDue();
            if (output.lostRows().areThere(inFlight.counts(), unacknowledged)) {
                sendStrays();
            }
            journal.forceIfDue();
            limit.run();
            if (isPartFull()) {
                publish();
            }
        }
        publish();
    }

    /** See {@link RowCompletion#resolved}. */
    public Set<IndexKey> resolved() {
        return completion.resolved();
    }

    private void handle(Message message) throws JMSException {
        unacknowledged++;
        BytesMessage bytes = (BytesMessage) message;
        byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
        bytes.readBytes(body);
        unacknowledgedBytes += body.length;
        try {
            accept(codec.decodeResult(body));
        } catch (IOException e) {
            output.rejections().rejected(sender(body), Rejection.RESULT);
        }
    }

    /** The broker lets nobody send under another's name. */
    private String sender(byte[] body) {
        try {
            return codec.senderOfResult(body);
        } catch (IOException e) {
            return "";
        }
    }

    private void accept(ResultMessage result) {
        if (result.table() != table || !inFlight.wasGiven(result.row(), result.token())) {
            output.rejections().rejected(result.node(), Rejection.TICKET);
            return;
        }
        Optional<PlannedRow> row = inFlight.find(result.row());
        if (row.isPresent() && !isWhole(row.get(), result)) {
            output.rejections().rejected(result.node(), Rejection.RESULT);
            return;
        }
        if (result.failures().isEmpty()) {
            row = inFlight.take(result.row());
        }
        row.ifPresentOrElse(planned -> add(planned, result), metrics::countDouble);
    }

    /** Whether it has all columns that were asked for, or tells why not, and no others. */
    private boolean isWhole(PlannedRow row, ResultMessage result) {
        if (row.columns().isEmpty() && row.known().isEmpty() && output.retries().attempts(result.row()) == 0) {
            return !result.failures().isEmpty() || result.values().size() == columns; // the usual case, at no cost
        }
        Set<Integer> wanted = output.retries().wanted(result.row(), row);
        Set<Integer> given = result.values().keySet();
        return wanted.containsAll(given) && (!result.failures().isEmpty() || given.size() == wanted.size());
    }

    private void sendStrays() throws JMSException {
        int sent = 0;
        for (long number : inFlight.out()) {
            Optional<PlannedRow> row = inFlight.find(number);
            sent += row.isPresent() && output.retries().sendStray(number, row.get()) ? 1 : 0;
        }
        metrics.countStrays(sent);
        console.verbose(sent + " rows were taken and no result came; they are published again");
    }

    private void add(PlannedRow row, ResultMessage result) {
        if (writer.rows() == 0) {
            firstUnpublished = System.nanoTime();
        }
        if (!result.values().isEmpty()) {
            writer.add(row.key(), row.index(), result.values());
            journal.add(row.index(), result);
        }
        completion.add(row, result);
    }

    private boolean isPartFull() {
        long nanos = journal.isBroken() ? FIRST_PART_NANOS : partNanos;
        return writer.rows() >= PART_ROWS
                || writer.bytes() >= PART_BYTES
                || unacknowledgedBytes >= PART_BYTES // the broker has them until then
                || (writer.rows() > 0 && System.nanoTime() - firstUnpublished >= nanos);
    }

    private void publish() throws IOException, JMSException, InterruptedException {
        if (writer.rows() > 0) {
            int rows = writer.rows();
            journal.force(); // publishing may take a while
            List<Path> parts = disk.until(writer::publish);
            journal.clear();
            partNanos = Math.min(2 * partNanos, PART_NANOS); // early results are safe early; a long run has few parts
            metrics.countParts(parts);
            console.verbose("published " + rows + " rows: "
                    + parts.stream().map(part -> part.getFileName().toString()).collect(Collectors.joining(", ")));
        }
        if (unacknowledged > 0) {
            session.commit();
            unacknowledged = 0;
            unacknowledgedBytes = 0;
        }
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
