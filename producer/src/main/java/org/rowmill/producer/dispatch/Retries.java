package org.rowmill.producer.dispatch;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.BackOff;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * Rows that failed and are computed again: after a pause that grows with each attempt, and on another node where there is
 * one. Such a row stays out. Used by the collector's thread.
 */
public final class Retries implements AutoCloseable {

    private static final BackOff PAUSES = new BackOff(Duration.ofMillis(250), 4, Duration.ofMinutes(1));
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final Rules rules;
    private final int table;
    private final MessageCodec codec;
    private final Session session;
    private final MessageProducer producer;
    private final Map<Long, Again> rows = new HashMap<>();
    private final PriorityQueue<Again> waiting = new PriorityQueue<>(Comparator.comparingLong(again -> again.due));
    private long looked = System.nanoTime();

    /**
     * How rows are computed again.
     *
     * @param retries how often at most
     * @param columns how many the table has
     * @param nodes names of those that compute now
     * @param broker takes the rows
     * @param queue of rows
     * @param token of each row
     */
    public record Rules(
            int retries,
            int columns,
            Supplier<Set<String>> nodes,
            EmbeddedBroker broker,
            String queue,
            LongUnaryOperator token) {}

    /**
     * An attempt that failed.
     *
     * @param node where
     * @param nanos how long it took
     * @param values of the columns that did not fail
     * @param failures why the others did
     */
    record Attempt(String node, long nanos, Map<Integer, @Nullable Object> values, List<Failure> failures) {}

    /** A row that failed at least once and is still out. */
    private static final class Again {
        private final long number;
        private final PlannedRow row;
        private final Map<Integer, @Nullable Object> known;
        private final List<Attempt> failed = new ArrayList<>();
        private long due;
        private boolean avoids;

        Again(long number, PlannedRow row) {
            this.number = number;
            this.row = row;
            this.known = new HashMap<>(row.known());
        }

        String lastNode() {
            return failed.get(failed.size() - 1).node();
        }
    }

    public Retries(Connection connection, MessageCodec codec, int table, Rules rules) throws JMSException {
        this.rules = rules;
        this.table = table;
        this.codec = codec;
        this.session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        this.producer = session.createProducer(session.createQueue(rules.queue()));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
    }

    /**
     * Notes that an attempt failed.
     *
     * @return whether another one is made; the row stays out then
     */
    boolean again(long number, PlannedRow row, Attempt attempt) {
        Again again = rows.computeIfAbsent(number, of -> new Again(number, row));
        again.failed.add(attempt);
        again.known.putAll(attempt.values());
        if (again.failed.size() > rules.retries() || attempt.failures().stream().noneMatch(Failure::isRetryable)) {
            return false;
        }
        again.due = System.nanoTime() + PAUSES.after(again.failed.size()).toNanos();
        waiting.add(again);
        return true;
    }

    /** How many attempts of a row have failed. */
    int attempts(long number) {
        Again again = rows.get(number);
        return again == null ? 0 : again.failed.size();
    }

    /** A row is no longer out, done or failed for good; tells the attempts of it that failed. */
    List<Attempt> ended(long number) {
        if (rows.isEmpty()) {
            return List.of(); // the usual case
        }
        Again again = rows.remove(number);
        return again == null ? List.of() : List.copyOf(again.failed);
    }

    /** Publishes those whose pause is over. */
    void sendDue() throws JMSException {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.peek().due - now <= 0) {
            Again again = waiting.remove();
            if (rows.containsKey(again.number)) {
                send(again);
            }
        }
        if (now - looked > LOOK_NANOS) {
            looked = now;
            letNoneWaitForNobody();
        }
    }

    private void send(Again again) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(codec.encode(new RowMessage(
                table,
                again.number,
                rules.token().applyAsLong(again.number),
                again.failed.size() + 1,
                again.row.index(),
                missing(again),
                again.known)));
        again.avoids = !again.failed.isEmpty() && isElsewhere(again.lastNode());
        if (again.avoids) {
            message.setStringProperty(Queues.AVOID, again.lastNode());
        }
        producer.send(message);
    }

    private List<Integer> missing(Again again) {
        List<Integer> wanted = again.row.columns().isEmpty()
                ? IntStream.range(0, rules.columns()).boxed().toList()
                : again.row.columns();
        return wanted.stream()
                .filter(column -> !again.known.containsKey(column))
                .toList();
    }

    /** Numbers of the columns that the next result of a row that is out may have, all of them when nothing failed. */
    Set<Integer> wanted(long number, PlannedRow row) {
        Again again = rows.get(number);
        return Set.copyOf(missing(again == null ? new Again(number, row) : again));
    }

    /** Publishes a row of which nobody has the message; false: it is one that waits for its next attempt. */
    boolean sendStray(long number, PlannedRow row) throws JMSException {
        Again again = rows.getOrDefault(number, new Again(number, row));
        if (waiting.contains(again)) {
            return false;
        }
        send(again);
        return true;
    }

    private boolean isElsewhere(String node) {
        return rules.nodes().get().stream().anyMatch(other -> !other.equals(node));
    }

    /** The node that was to compute a row instead may have left: then any may. */
    private void letNoneWaitForNobody() throws JMSException {
        List<Again> alone = rows.values().stream()
                .filter(again -> again.avoids && !isElsewhere(again.lastNode()))
                .toList();
        for (Again again : alone) {
            again.avoids = false;
            if (rules.broker().removeWaiting(rules.queue(), body -> number(body) == again.number) > 0) {
                send(again);
            }
        }
    }

    private long number(byte[] body) {
        try {
            return codec.decodeRow(body).row();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Gives up those that wait; tells their numbers. */
    public List<Long> cancel() {
        List<Long> numbers = waiting.stream().map(again -> again.number).toList();
        waiting.clear();
        return numbers;
    }

    @Override
    public void close() throws JMSException {
        session.close();
    }
}
