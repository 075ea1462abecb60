package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.inflight.FailedAttempt;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.monitor.RowTimes;
import org.rowmill.producer.monitor.RunMetrics;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * Reports what happens to the rows of one table: to the metrics, the log of attempts, the summary of failures, and the
 * verbose output. Decides nothing. Used by the collector's thread.
 *
 * @param table name of the table
 * @param attempts stores failed attempts
 * @param failures groups the failures of the run
 * @param metrics counts rows and parts
 * @param times keeps how long attempts took
 * @param console prints verbose output
 */
public record TableReport(
        String table,
        AttemptLog attempts,
        FailureSummary failures,
        RunMetrics metrics,
        RowTimes times,
        Console console) {

    /** Records an attempt of a row that failed at least once. An attempt without a failure computed the row. */
    void attempt(PlannedRow row, int attempt, String node, long nanos, Optional<Failure> failure) {
        if (failure.isPresent()) {
            times.add(nanos);
        }
        attempts.add(table, row.index(), attempt, node, nanos, failure);
    }

    void done(ResultMessage result) {
        metrics.countRow(result);
        times.add(result.nanos());
    }

    void retried() {
        metrics.countRetried();
    }

    void failed(PlannedRow row, FailedAttempt attempt) {
        metrics.countFailed(attempt.nanos());
        failures.add(row.index(), attempt.firstFailure());
    }

    void duplicate() {
        metrics.countDuplicate();
    }

    void requeued(int rows) {
        metrics.countRequeued(rows);
        console.verbose(rows + " rows were taken but never answered; they are published again");
    }

    void published(int rows, List<Path> parts) throws IOException {
        metrics.countParts(parts);
        console.verbose("published " + rows + " rows: "
                + parts.stream().map(part -> part.getFileName().toString()).collect(Collectors.joining(", ")));
    }
}
