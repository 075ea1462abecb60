package org.rowmill.producer.dispatch;

import java.util.HashSet;
import java.util.List;
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
final class DecisionExecutor {

    private final ResultWriter results;
    private final NodeHealth health;
    private final RowLimit limit;
    private final Rejections rejections;
    private final TableReport report;
    private final Set<IndexKey> resolved = new HashSet<>();

    /**
     * Creates the executor of one table.
     *
     * @param results writes results and failures
     * @param health learns which nodes compute rows, and which nodes fail them
     * @param limit learns how long rows take
     * @param rejections counts what is rejected
     * @param report reports what happens
     */
    DecisionExecutor(
            ResultWriter results, NodeHealth health, RowLimit limit, Rejections rejections, TableReport report) {
        this.results = results;
        this.health = health;
        this.limit = limit;
        this.rejections = rejections;
        this.report = report;
    }

    /** Returns the rows that failed in an earlier run and are done or given up in this one. */
    Set<IndexKey> resolved() {
        return resolved;
    }

    /** Carries out the decision about a result. */
    void carryOut(Decision decision, ResultMessage result, long nanos) {
        if (decision instanceof Decision.Retry retry) {
            results.add(retry.row(), result, nanos);
        } else if (decision instanceof Decision.GiveUp giveUp) {
            results.add(giveUp.row(), result, nanos);
        }
        carryOut(decision, nanos);
    }

    /** Carries out a decision. */
    void carryOut(Decision decision, long nanos) {
        if (decision instanceof Decision.Store store) {
            store(store, nanos);
        } else if (decision instanceof Decision.Retry retry) {
            recordFailure(retry.row(), retry.attempt(), retry.attempts());
            report.retried();
        } else if (decision instanceof Decision.GiveUp giveUp) {
            recordFailure(giveUp.row(), giveUp.attempt(), giveUp.attempts());
            giveUp(giveUp, nanos);
        } else if (decision instanceof Decision.Repeat repeat) {
            report.attempt(repeat.row(), repeat.attempts(), repeat.node(), 0, Optional.of(repeat.failure()));
        } else if (decision instanceof Decision.Reject reject) {
            rejections.rejected(reject.node(), reject.why());
        } else if (decision == Decision.Ignore.DUPLICATE) {
            report.duplicate();
        }
    }

    private void store(Decision.Store store, long nanos) {
        ResultMessage result = store.result();
        results.add(store.row(), result, nanos);
        resolve(store.row());
        report.done(result);
        limit.add(result.nanos());
        health.finished(result.node());
        if (store.attempts() > 1) {
            report.attempt(store.row(), store.attempts(), result.node(), result.nanos(), Optional.empty());
        }
        if (!store.failures().isEmpty()) {
            health.computedElsewhere(IndexText.of(store.row().index()), result.node(), store.failures(), nanos);
        }
    }

    private void recordFailure(PlannedRow row, FailedAttempt attempt, int attempts) {
        report.attempt(row, attempts, attempt.node(), attempt.nanos(), Optional.of(attempt.firstFailure()));
    }

    private void giveUp(Decision.GiveUp giveUp, long nanos) {
        List<Failure> failures = giveUp.attempt().failures();
        Failure first = giveUp.attempt().firstFailure();
        results.addFailed(
                new FailedRow(
                        giveUp.row().index(),
                        failures.stream().map(Failure::columns).collect(Collectors.joining(",")),
                        first.errorClass(),
                        first.message(),
                        first.stack(),
                        giveUp.attempt().node(),
                        giveUp.attempts()),
                nanos);
        report.failed(giveUp.row(), giveUp.attempt());
        resolve(giveUp.row());
    }

    private void resolve(PlannedRow row) {
        if (row.failedBefore()) {
            resolved.add(row.key());
        }
    }
}
