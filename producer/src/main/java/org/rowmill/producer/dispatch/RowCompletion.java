package org.rowmill.producer.dispatch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.keys.IndexKey;

/**
 * Decides what happens to a row after an attempt: it is done, retried, or given up. Used by the collector's thread.
 */
final class RowCompletion {

    private final InFlightRows inFlight;
    private final Retries retries;
    private final ResultWriter results;
    private final NodeHealth health;
    private final RowLimit limit;
    private final TableReport report;
    private final Set<IndexKey> resolved = new HashSet<>();

    /** Crashed attempts of each row in flight. */
    private final Map<Long, Integer> crashes = new HashMap<>();

    /**
     * Creates the row completion of one table.
     *
     * @param inFlight the rows in flight
     * @param retries retries failed rows
     * @param results writes results and failures
     * @param health compares the nodes by the attempts that fail there
     * @param limit learns how long rows take
     * @param report reports what happens
     */
    RowCompletion(
            InFlightRows inFlight,
            Retries retries,
            ResultWriter results,
            NodeHealth health,
            RowLimit limit,
            TableReport report) {
        this.inFlight = inFlight;
        this.retries = retries;
        this.results = results;
        this.health = health;
        this.limit = limit;
        this.report = report;
    }

    /** Returns the rows that failed in an earlier run and are done or given up in this one. */
    Set<IndexKey> resolved() {
        return resolved;
    }

    /** Handles a result that was accepted. A second result of a row is dropped. */
    void add(ResultMessage result, long nanos) {
        Optional<PlannedRow> row =
                result.failures().isEmpty() ? inFlight.take(result.row()) : inFlight.find(result.row());
        if (row.isEmpty()) {
            report.duplicate();
            return;
        }
        results.add(row.get(), result, nanos);
        if (result.failures().isEmpty()) {
            done(row.get(), result, nanos);
        } else {
            FailedAttempt attempt =
                    new FailedAttempt(result.node(), result.nanos(), result.values(), result.failures());
            health.failed(
                    result.row(),
                    failedAttempts(result.row()) + 1,
                    IndexText.of(row.get().index()),
                    attempt,
                    nanos);
            failed(result.row(), row.get(), attempt, result.attempt(), nanos);
        }
    }

    /** Handles attempts that ended with a crash since the last call. */
    void addCrashes(long nanos) {
        for (CrashedAttempt crash : inFlight.takeCrashes()) {
            inFlight.find(crash.number()).ifPresent(row -> add(row, crash, nanos));
        }
    }

    private void add(PlannedRow row, CrashedAttempt crash, long nanos) {
        Failure failure = crash.failure();
        if (crash.isFailed()) {
            failed(crash.number(), row, FailedAttempt.of(crash.node(), failure), crash.attempts(), nanos);
        } else {
            crashes.put(crash.number(), crash.attempts());
            report.attempt(row, failedAttempts(crash.number()), crash.node(), 0, Optional.of(failure));
        }
    }

    private int failedAttempts(long number) {
        return retries.failedAttempts(number) + crashes.getOrDefault(number, 0);
    }

    private void done(PlannedRow row, ResultMessage result, long nanos) {
        inFlight.countDone();
        resolve(row);
        report.done(result);
        limit.add(result.nanos());
        int before = failedAttempts(result.row());
        health.computed(result.row(), before + 1, result.node(), result.nanos(), nanos);
        if (before > 0) {
            report.attempt(row, before + 1, result.node(), result.nanos(), Optional.empty());
            crashes.remove(result.row());
        }
        retries.end(result.row());
    }

    private void failed(long number, PlannedRow row, FailedAttempt attempt, int deliveries, long nanos) {
        boolean isRetried = retries.retry(number, row, attempt, nanos);
        int attempts = failedAttempts(number);
        report.attempt(row, attempts, attempt.node(), attempt.nanos(), Optional.of(attempt.firstFailure()));
        if (isRetried) {
            report.retried();
            return;
        }
        retries.end(number);
        crashes.remove(number);
        inFlight.forget(number);
        health.givenUp(number);
        giveUp(row, attempt, Math.max(attempts, deliveries), nanos);
    }

    private void giveUp(PlannedRow row, FailedAttempt attempt, int attempts, long nanos) {
        Failure first = attempt.firstFailure();
        String columns = attempt.failures().stream().map(Failure::columns).collect(Collectors.joining(","));
        results.addFailed(
                new FailedRow(
                        row.index(),
                        columns,
                        first.errorClass(),
                        first.message(),
                        first.stack(),
                        attempt.node(),
                        attempts),
                nanos);
        inFlight.countFailed();
        report.failed(row, attempt);
        resolve(row);
    }

    private void resolve(PlannedRow row) {
        if (row.failedBefore()) {
            resolved.add(row.key());
        }
    }
}
