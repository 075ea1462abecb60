package org.rowmill.producer.inflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rowmill.broker.Rejection;
import org.rowmill.producer.inflight.Decision.Ignore;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.schemas.protocol.RowMessage;

/**
 * The only owner of the state of the rows of a run, from publishing to the end of the row. It has no threads, no
 * connections and no clock: each event comes with its time, and the answer is a {@link Decision} or the rows to publish.
 * Thread-safe; no method waits.
 *
 * <p>The rules:
 *
 * <ul>
 *   <li>A row is in flight until its first result. A second result finds no row in flight and is ignored. Therefore each
 *       row is stored once, even if messages are delivered twice.
 *   <li>A row that the broker delivers a second time is returned by its consumer, and published again by the head.
 *   <li>Rows that were in a consumer when it crashed are suspects. If there was only one, the crash counts against it;
 *       otherwise each of them is computed again alone, so that the row that causes the crash shows itself.
 *   <li>A failed row is retried, on another node if one is free soon.
 *   <li>Rows are numbered through all tables of the run, so an event of a table that has ended is recognized.
 * </ul>
 */
public final class InFlightRows {

    private final int maxRows;
    private final long maxBytes;
    private final RowTokens tokens;
    private TableRules rules = new TableRules(0, 0, 0);
    private RowTable rows;
    private Republishing republishing;
    private RowDecisions decisions;
    private long firstRow;
    private long nextRow;

    /**
     * Starts without a table.
     *
     * @param maxRows how many rows may be in flight at once
     * @param maxBytes how many bytes their messages may have; a larger row passes if it is the only one
     * @param tokens tokens of the rows
     */
    public InFlightRows(int maxRows, long maxBytes, RowTokens tokens) {
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
        this.tokens = tokens;
        this.rows = new RowTable(maxRows, maxBytes);
        this.republishing = new Republishing(rows, rules, tokens::of);
        this.decisions = new RowDecisions(rows, republishing, rules);
        rows.close();
    }

    /** Begins the next table. Events of rows published before are late from now on. */
    public synchronized void beginTable(TableRules next) {
        rules = next;
        firstRow = nextRow;
        rows = new RowTable(maxRows, maxBytes);
        republishing = new Republishing(rows, rules, tokens::of);
        decisions = new RowDecisions(rows, republishing, rules);
    }

    /** Returns the number of the next row to publish. */
    public synchronized long nextRow() {
        return nextRow++;
    }

    /** Returns the token that a result of this row must show. */
    public long token(long number) {
        return tokens.of(number);
    }

    /** Adds a row that is about to be published. Returns false if there is no room for it. */
    public synchronized boolean tryAdd(long number, PlannedRow row, int size) {
        return rows.tryAdd(number, row, size);
    }

    /** Declares that no more rows of the table will be added. */
    public synchronized void close() {
        rows.close();
    }

    /** Whether no row is in flight and no more rows of the table will be added. */
    public synchronized boolean isFinished() {
        return rows.isFinished();
    }

    /** Counts the rows of the table. */
    public synchronized RowCounts counts() {
        return rows.counts();
    }

    /** Finds a row in flight. */
    public synchronized Optional<PlannedRow> find(long number) {
        return Optional.ofNullable(rows.find(number)).map(RowState::row);
    }

    /** Whether a message in the queue is the latest one of a row in flight. Other messages are out of date. */
    public synchronized boolean isCurrent(RowMessage message) {
        RowState row = rows.find(message.row());
        return row != null && row.isOut() && row.attempt() == message.attempt();
    }

    /** Decides about a result, or about a row that a consumer has returned. */
    public synchronized Decision result(ResultMessage result, ComputingNodes nodes, long now) {
        if (!isValidToken(result.row(), result.token())) {
            return new Decision.Reject(result.node(), Rejection.TOKEN);
        }
        if (result.row() < firstRow) {
            return Ignore.LATE;
        }
        if (result.table() != rules.table()) {
            return new Decision.Reject(result.node(), Rejection.TOKEN);
        }
        return decisions.result(result, nodes, now);
    }

    /** Whether a row with this number was published in this run and has this token. */
    private boolean isValidToken(long number, long token) {
        return number >= 0 && number < nextRow && tokens.of(number) == token;
    }

    /**
     * Decides about the rows of a consumer that crashed. If it ended because of rows that ignored their interrupt, only
     * those rows have failed.
     */
    public synchronized List<Decision> crashed(Crash crash, ComputingNodes nodes, long now) {
        List<Decision> all = new ArrayList<>();
        for (HeldRow held : crash.inHand()) {
            all.add(
                    isValidToken(held.number(), held.token())
                            ? decisions.crashed(held, crash, nodes, now)
                            : new Decision.Reject(crash.node(), Rejection.TOKEN));
        }
        return all;
    }

    /**
     * Records that a node was lost while it computed these rows. The consumers that receive them next return them.
     * Nothing speaks against the rows: only the node has said that it had them.
     *
     * @param numbers the rows; those that have ended are ignored
     * @param node name of the node
     * @param failure how the node was lost
     */
    public synchronized List<Decision> nodeLost(List<Long> numbers, String node, Failure failure) {
        return numbers.stream()
                .map(number -> decisions.lost(number, node, failure))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the rows to publish now. They are out from now on. */
    public synchronized List<Publication> due(ComputingNodes nodes, long now) {
        return republishing.due(nodes, now);
    }

    /**
     * Returns the numbers of the rows that wait for a node in vain. The caller removes their messages from the queue,
     * and passes what it could remove to {@link #takenBack}.
     */
    public synchronized Set<Long> stranded(ComputingNodes nodes, long now) {
        return republishing.stranded(nodes, now);
    }

    /**
     * Records that messages of rows were removed from the queue. The rows wait to be published again.
     *
     * @param attempts the latest attempt whose message was removed, for each row
     * @param now the time
     */
    public synchronized void takenBack(Map<Long, Integer> attempts, long now) {
        republishing.takenBack(attempts, now);
    }

    /** Records that no consumer has the rows that are out. They wait to be published again; returns how many. */
    public synchronized int lost(long now) {
        return republishing.lost(now);
    }

    /** Forgets all rows that wait: the run stops. */
    public synchronized void forgetWaiting() {
        republishing.forgetWaiting();
    }

    /** Forgets a row whose latest message was removed from the queue: the run stops. */
    public synchronized void forget(RowMessage message) {
        RowState row = rows.find(message.row());
        if (row != null && isCurrent(message)) {
            rows.remove(row);
            republishing.forget(row);
        }
    }
}
