package org.rowmill.producer.dispatch;

import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.BackOff;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * Publishes failed rows again: after a back-off that grows with each attempt, and on another node if there is one. Such
 * a row stays in flight. Used by the collector's thread.
 */
final class Retries {

    static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(250), 4, Duration.ofMinutes(1));

    private static final long NODE_CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    private final Sender sender;
    private final Rules rules;
    private final Map<Long, FailedRowState> rows = new HashMap<>();
    private final PriorityQueue<FailedRowState> waiting = new PriorityQueue<>(Comparator.comparingLong(row -> row.due));
    private long lastNodeCheck;

    /** Where retries go. */
    interface Sender {

        /** Publishes a row. The avoided node does not receive it. */
        void send(RowMessage row, Optional<String> avoidedNode) throws JMSException;

        /** Removes a published row. Returns false if a consumer has it already. */
        boolean takeBack(long row);
    }

    /**
     * How failed rows are retried.
     *
     * @param table number of the table in the run
     * @param columns number of columns of the table
     * @param limit how often a row is retried
     * @param nodes names of the nodes that compute now
     * @param token token of a row
     */
    record Rules(int table, int columns, int limit, Supplier<Set<String>> nodes, LongUnaryOperator token) {}

    /** A row that failed at least once and is in flight. */
    private static final class FailedRowState {
        private final long number;
        private final PlannedRow row;
        private final Map<Integer, @Nullable Object> known;
        private final List<FailedAttempt> attempts = new ArrayList<>();
        private long due;
        private boolean avoidsNode;

        FailedRowState(long number, PlannedRow row) {
            this.number = number;
            this.row = row;
            this.known = new HashMap<>(row.known());
        }

        String lastNode() {
            return attempts.get(attempts.size() - 1).node();
        }
    }

    /**
     * Creates the retries of one table.
     *
     * @param sender publishes the retries
     * @param rules when and how often rows are retried
     * @param nanos the time
     */
    Retries(Sender sender, Rules rules, long nanos) {
        this.sender = sender;
        this.rules = rules;
        this.lastNodeCheck = nanos;
    }

    /**
     * Records a failed attempt.
     *
     * @param nanos the time
     * @return whether the row is retried; it stays in flight then
     */
    boolean retry(long number, PlannedRow row, FailedAttempt attempt, long nanos) {
        FailedRowState failed = rows.computeIfAbsent(number, key -> new FailedRowState(number, row));
        failed.attempts.add(attempt);
        failed.known.putAll(attempt.values());
        if (failed.attempts.size() > rules.limit() || !attempt.isRetryable()) {
            return false;
        }
        failed.due = nanos + BACK_OFF.after(failed.attempts.size()).toNanos();
        waiting.add(failed);
        return true;
    }

    /** Counts the failed attempts of a row. */
    int failedAttempts(long number) {
        FailedRowState failed = rows.get(number);
        return failed == null ? 0 : failed.attempts.size();
    }

    /** Forgets a row that is done or given up, and returns its failed attempts. */
    List<FailedAttempt> end(long number) {
        if (rows.isEmpty()) {
            return List.of(); // the usual case
        }
        FailedRowState failed = rows.remove(number);
        return failed == null ? List.of() : List.copyOf(failed.attempts);
    }

    /** Publishes the rows whose back-off is over. */
    void publishDue(long nanos) throws JMSException {
        while (!waiting.isEmpty() && waiting.peek().due - nanos <= 0) {
            FailedRowState failed = waiting.remove();
            if (rows.containsKey(failed.number)) {
                send(failed);
            }
        }
        if (nanos - lastNodeCheck > NODE_CHECK_NANOS) {
            lastNodeCheck = nanos;
            releaseRowsWithoutNode();
        }
    }

    private void send(FailedRowState row) throws JMSException {
        row.avoidsNode = !row.attempts.isEmpty() && isThereAnother(row.lastNode());
        sender.send(
                new RowMessage(
                        rules.table(),
                        row.number,
                        rules.token().applyAsLong(row.number),
                        row.attempts.size() + 1,
                        false,
                        row.row.index(),
                        missingColumns(row),
                        row.known),
                row.avoidsNode ? Optional.of(row.lastNode()) : Optional.empty());
    }

    private List<Integer> missingColumns(FailedRowState row) {
        List<Integer> wanted = row.row.columns().isEmpty()
                ? IntStream.range(0, rules.columns()).boxed().toList()
                : row.row.columns();
        return wanted.stream().filter(column -> !row.known.containsKey(column)).toList();
    }

    /** Returns the numbers of the columns that the next result of a row in flight may have. */
    Set<Integer> missingColumns(long number, PlannedRow row) {
        return Set.copyOf(missingColumns(rows.getOrDefault(number, new FailedRowState(number, row))));
    }

    /** Publishes a row that is lost. Returns false, and does nothing, if the row waits for its retry. */
    boolean publishLost(long number, PlannedRow row) throws JMSException {
        FailedRowState lost = rows.getOrDefault(number, new FailedRowState(number, row));
        if (waiting.contains(lost)) {
            return false;
        }
        send(lost);
        return true;
    }

    private boolean isThereAnother(String node) {
        return rules.nodes().get().stream().anyMatch(other -> !other.equals(node));
    }

    /** Publishes rows for any node if all other nodes have left since they were published. */
    private void releaseRowsWithoutNode() throws JMSException {
        List<FailedRowState> stuck = rows.values().stream()
                .filter(row -> row.avoidsNode && !isThereAnother(row.lastNode()))
                .toList();
        for (FailedRowState row : stuck) {
            row.avoidsNode = false;
            if (sender.takeBack(row.number)) {
                send(row);
            }
        }
    }

    /** Cancels the retries that wait, and returns the numbers of their rows. */
    List<Long> cancel() {
        List<Long> numbers = waiting.stream().map(row -> row.number).toList();
        waiting.clear();
        return numbers;
    }
}
