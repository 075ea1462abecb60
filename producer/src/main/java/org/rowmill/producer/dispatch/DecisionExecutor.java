package org.rowmill.producer.dispatch;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.broker.Rejections;
import org.rowmill.producer.inflight.Decision;
import org.rowmill.producer.inflight.FailedAttempt;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.keys.IndexKey;

/** Carries out the decisions about the rows of one table, and decides nothing. Used by the collector's thread. */
final class DecisionExecutor implements Decision.Executor {

    private final ResultWriter results;
    private final NodeHealth health;
    private final RowLimit limit;
    private final Rejections rejections;
    private final TableReport report;
    private final Room room;
    private final Set<IndexKey> resolved = new HashSet<>();

    /**
     * Creates the executor of one table.
     *
     * @param results writes results and failures
     * @param health compares the nodes by the attempts that fail there
     * @param limit learns how long rows take
     * @param rejections counts what is rejected
     * @param report reports what happens
     * @param room learns when a row has ended
     */
    DecisionExecutor(
            ResultWriter results,
            NodeHealth health,
            RowLimit limit,
            Rejections rejections,
            TableReport report,
            Room room) {
        this.results = results;
        this.health = health;
        this.limit = limit;
        this.rejections = rejections;
        this.report = report;
        this.room = room;
    }

    /** Returns the rows that failed in an earlier run and are done or given up in this one. */
    Set<IndexKey> resolved() {
        return resolved;
    }

    @Override
    public void store(Decision.Store store, long nanos) {
        ResultMessage result = store.result();
        results.add(store.row(), result, nanos);
        end(store.row());
        report.done(result);
        limit.add(result.nanos());
        health.computed(result.row(), store.attempts(), result.node(), result.nanos(), nanos);
        if (store.attempts() > 1) {
            report.attempt(store.row(), store.attempts(), result.node(), result.nanos(), Optional.empty());
        }
    }

    @Override
    public void retry(Decision.Retry retry, long nanos) {
        retry.result().ifPresent(result -> keep(retry.row(), retry.attempt(), result, retry.attempts(), nanos));
        recordFailure(retry.row(), retry.attempt(), retry.attempts());
        report.retried();
    }

    @Override
    public void giveUp(Decision.GiveUp giveUp, long nanos) {
        giveUp.result().ifPresent(result -> keep(giveUp.row(), giveUp.attempt(), result, giveUp.attempts(), nanos));
        health.givenUp(giveUp.number());
        recordFailure(giveUp.row(), giveUp.attempt(), giveUp.attempts());
        results.addFailed(giveUp.row(), failedRow(giveUp), nanos);
        report.failed(giveUp.row(), giveUp.attempt());
        end(giveUp.row());
    }

    /** Keeps the values of a failed attempt. */
    private void keep(PlannedRow row, FailedAttempt attempt, ResultMessage result, int attempts, long nanos) {
        results.add(row, result, nanos);
        health.failed(result.row(), attempts, IndexText.of(row.index()), attempt, nanos);
    }

    private void recordFailure(PlannedRow row, FailedAttempt attempt, int attempts) {
        report.attempt(row, attempts, attempt.node(), attempt.nanos(), Optional.of(attempt.firstFailure()));
    }

    private static FailedRow failedRow(Decision.GiveUp giveUp) {
        Failure first = giveUp.attempt().firstFailure();
        String columns =
                giveUp.attempt().failures().stream().map(Failure::columns).collect(Collectors.joining(","));
        return new FailedRow(
                giveUp.row().index(),
                columns,
                first.errorClass(),
                first.message(),
                first.stack(),
                giveUp.attempt().node(),
                giveUp.attempts());
    }

    @Override
    public void repeat(Decision.Repeat repeat) {
        report.attempt(repeat.row(), repeat.attempts(), repeat.node(), 0, Optional.of(repeat.failure()));
    }

    @Override
    public void reject(Decision.Reject reject) {
        rejections.rejected(reject.node(), reject.why());
    }

    /** Reports rows that no consumer held. */
    void requeued(int rows) {
        if (rows > 0) {
            report.requeued(rows);
        }
    }

    @Override
    public void ignore(Decision.Ignore why) {
        if (why == Decision.Ignore.DUPLICATE) {
            report.duplicate();
        }
    }

    private void end(PlannedRow row) {
        room.made();
        if (row.failedBefore()) {
            resolved.add(row.key());
        }
    }
}
