package org.rowmill.producer.dispatch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.keys.IndexKey;

/**
 * What becomes of a row that was out: done, computed again, or failed for good; each attempt of a row that did not
 * succeed at once is noted. Used by the collector's thread.
 */
final class RowCompletion {

    private final TableOutput output;
    private final InFlightRows inFlight;
    private final Retries retries;
    private final RunMetrics metrics;
    private final Set<IndexKey> resolved = new HashSet<>();

    /** How often a row that is out was in the hands of a consumer that died. */
    private final Map<Long, Integer> crashCount = new HashMap<>();

    RowCompletion(TableOutput output, RunMetrics metrics) {
        this.output = output;
        this.inFlight = output.inFlight();
        this.retries = output.retries();
        this.metrics = metrics;
    }

    /** Rows that had failed in an earlier run and have an outcome in this one. */
    Set<IndexKey> resolved() {
        return resolved;
    }

    /** A result came, whose values are written already. */
    void add(PlannedRow row, ResultMessage result) {
        if (result.failures().isEmpty()) {
            done(row, result);
        } else {
            Retries.Attempt attempt =
                    new Retries.Attempt(result.node(), result.nanos(), result.values(), result.failures());
            failed(result.row(), row, attempt, result.attempt());
        }
    }

    /** A consumer died with it, or was ended for its sake. */
    void add(PlannedRow row, InFlightRows.CrashedAttempt crash) {
        Failure failure = crash.failure();
        if (crash.isSetAside()) {
            Retries.Attempt attempt = new Retries.Attempt(crash.node(), 0, Map.of(), List.of(failure));
            failed(crash.number(), row, attempt, crash.attempts());
        } else {
            crashCount.put(crash.number(), crash.attempts());
            note(row, failedAttempts(crash.number()), crash.node(), 0, Optional.of(failure));
        }
    }

    private int failedAttempts(long number) {
        return retries.attempts(number) + crashCount.getOrDefault(number, 0);
    }

    private void done(PlannedRow row, ResultMessage result) {
        inFlight.countDone();
        resolve(row);
        metrics.countRow(result);
        output.limit().add(result.nanos());
        output.health().finished(result.node());
        int before = failedAttempts(result.row());
        if (before > 0) {
            note(row, before + 1, result.node(), result.nanos(), Optional.empty());
            crashCount.remove(result.row());
        }
        List<Retries.Attempt> failed = retries.ended(result.row());
        if (!failed.isEmpty()) {
            output.health().computedElsewhere(IndexText.of(row.index()), result.node(), failed);
        }
    }

    /** The row stays out when it is tried again. */
    private void failed(long number, PlannedRow row, Retries.Attempt attempt, int deliveries) {
        boolean isRetried = retries.again(number, row, attempt);
        int attempts = failedAttempts(number);
        note(
                row,
                attempts,
                attempt.node(),
                attempt.nanos(),
                Optional.of(attempt.failures().get(0)));
        if (isRetried) {
            metrics.countRetried();
            return;
        }
        retries.ended(number);
        crashCount.remove(number);
        inFlight.forget(number);
        metrics.countFailed(attempt.nanos());
        fail(row, attempt.node(), Math.max(attempts, deliveries), attempt.failures());
    }

    private void note(PlannedRow row, int attempt, String node, long nanos, Optional<Failure> failure) {
        output.attempts().add(output.table(), row.index(), attempt, node, nanos, failure);
    }

    private void fail(PlannedRow row, String node, int attempts, List<Failure> all) {
        Failure first = all.get(0);
        String columns = all.stream().map(Failure::columns).collect(Collectors.joining(","));
        output.writer()
                .addFailed(new FailedRow(
                        row.index(), columns, first.errorClass(), first.message(), first.stack(), node, attempts));
        inFlight.countFailed();
        output.failures().add(row.index(), first);
        resolve(row);
    }

    private void resolve(PlannedRow row) {
        if (row.failedBefore()) {
            resolved.add(row.key());
        }
    }
}
