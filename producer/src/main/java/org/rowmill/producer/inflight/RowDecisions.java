package org.rowmill.producer.inflight;

import java.time.Duration;
import java.util.Optional;
import org.rowmill.broker.Rejection;
import org.rowmill.producer.inflight.Decision.Ignore;
import org.rowmill.schemas.BackOff;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/** The rules by which {@link InFlightRows} decides about the rows of one table; that class guards this one. */
final class RowDecisions {

    /**
     * A row that crashed so many consumers while it was the only row in them is a poison row. After as many crashes with
     * other rows, one less is enough.
     */
    static final int CRASHES_OF_A_POISON_ROW = 3;

    /** A row with which so many consumers lost their connection is given up: it may be the reason. */
    static final int MOST_LOST_CONNECTIONS = 20;

    /** How long a returned row waits for the report of a crash that explains why it was delivered twice. */
    static final Duration REPORT = Duration.ofSeconds(1);

    private static final BackOff NOT_ALONE = new BackOff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30));

    private final RowTable rows;
    private final Republishing republishing;
    private final TableRules rules;

    RowDecisions(RowTable rows, Republishing republishing, TableRules rules) {
        this.rows = rows;
        this.republishing = republishing;
        this.rules = rules;
    }

    /** Decides about a result, or about a row that a consumer has returned. The token is right. */
    Decision result(ResultMessage result, ComputingNodes nodes, long now) {
        RowState row = rows.find(result.row());
        if (row != null && result.attempt() > row.attempt()) {
            return new Decision.Reject(result.node(), Rejection.RESULT);
        }
        return switch (result.kind()) {
            case COMPUTED -> row == null ? duplicate() : computed(row, result, nodes, now);
            case REDELIVERED, NOT_ALONE -> row == null ? Ignore.LATE : returned(row, result, now);
        };
    }

    private Decision duplicate() {
        rows.countDuplicate();
        return Ignore.DUPLICATE;
    }

    private Decision computed(RowState row, ResultMessage result, ComputingNodes nodes, long now) {
        boolean isLatest = row.isOut() && result.attempt() == row.attempt();
        Optional<ResultMessage> checked = ResultCheck.check(row, result, rules.columns(), isLatest);
        if (checked.isEmpty()) {
            return new Decision.Reject(result.node(), Rejection.RESULT);
        }
        if (!result.failures().isEmpty()) {
            return isLatest ? failed(row, FailedAttempt.of(result), Optional.of(result), nodes, now) : duplicate();
        }
        end(row, true);
        return new Decision.Store(row.row(), checked.get(), row.unsuccessfulAttempts() + 1, row.failures());
    }

    private Decision failed(
            RowState row, FailedAttempt attempt, Optional<ResultMessage> result, ComputingNodes nodes, long now) {
        row.fail(attempt);
        int attempts = row.unsuccessfulAttempts();
        switch (RetryPolicy.next(row.failures(), rules.retries(), nodes.names())) {
            case RETRY_ELSEWHERE -> row.goElsewhereOnly();
            case RETRY -> {}
            case GIVE_UP -> {
                return giveUp(row, attempt, result);
            }
        }
        republishing.makeWait(
                row, now + RetryPolicy.BACK_OFF.after(row.failures().size()).toNanos());
        return new Decision.Retry(row.row(), attempt, result, attempts);
    }

    private Decision giveUp(RowState row, FailedAttempt attempt, Optional<ResultMessage> result) {
        end(row, false);
        return new Decision.GiveUp(row.number(), row.row(), attempt, result, row.unsuccessfulAttempts());
    }

    private Decision returned(RowState row, ResultMessage result, long now) {
        if (!row.isOut() || result.attempt() != row.attempt()) {
            return Ignore.LATE;
        }
        if (result.kind() == ResultMessage.Kind.NOT_ALONE) {
            republishing.makeWait(
                    row, now + NOT_ALONE.after(row.countNotAlone()).toNanos());
        } else {
            republishing.makeWait(row, row.hasCrashed() ? now : now + REPORT.toNanos());
        }
        return Ignore.RETURNED;
    }

    private void end(RowState row, boolean isDone) {
        rows.end(row, isDone);
        republishing.forget(row);
    }

    /** Decides about a row that a consumer was computing when it crashed. */
    Decision crashed(HeldRow held, Crash crash, ComputingNodes nodes, long now) {
        RowState row = rows.find(held.number());
        if (row == null || held.attempt() > row.attempt()) {
            return Ignore.LATE;
        }
        if (crash.isOverdue()) {
            return held.isOverdue() && held.attempt() == row.attempt()
                    ? failed(row, FailedAttempt.of(crash.node(), crash.overdueFailure()), Optional.empty(), nodes, now)
                    : Ignore.LATE;
        }
        return crash.reason() == Crash.Reason.CONNECTION_LOST
                ? connectionLost(row, crash)
                : suspect(row, held.attempt(), crash, nodes, now);
    }

    private Decision suspect(RowState row, long attempt, Crash crash, ComputingNodes nodes, long now) {
        boolean wasOnlyOne = crash.inHand().size() == 1;
        row.crash(
                attempt,
                crash.reason() != Crash.Reason.KILL,
                wasOnlyOne,
                wasOnlyOne && crash.reason() == Crash.Reason.OUT_OF_MEMORY ? nodes.heapBytes(crash.node()) : 0);
        if (isPoison(row)) {
            return giveUp(row, FailedAttempt.of(crash.node(), poison(crash.failure(), row)), Optional.empty());
        }
        if (!row.isOut() && row.due() - now > 0 && row.hasCrashed()) {
            republishing.makeWait(row, now);
        }
        return new Decision.Repeat(row.row(), crash.node(), crash.failure(), row.unsuccessfulAttempts());
    }

    private static boolean isPoison(RowState row) {
        int least = CRASHES_OF_A_POISON_ROW - (row.crashes() > CRASHES_OF_A_POISON_ROW ? 1 : 0);
        return row.crashesAlone() >= least;
    }

    private Decision connectionLost(RowState row, Crash crash) {
        row.loseConnection();
        return row.lostConnections() < MOST_LOST_CONNECTIONS
                ? new Decision.Repeat(row.row(), crash.node(), crash.failure(), row.unsuccessfulAttempts())
                : giveUp(row, FailedAttempt.of(crash.node(), tooManyLosses(crash.failure())), Optional.empty());
    }

    /** Decides about a row that was lost with its node, as the node itself said. Empty if the row has ended. */
    Optional<Decision> lost(long number, String node, Failure failure) {
        Optional<RowState> lost = Optional.ofNullable(rows.find(number));
        lost.ifPresent(RowState::lose);
        return lost.map(row -> new Decision.Repeat(row.row(), node, failure, row.unsuccessfulAttempts()));
    }

    private static Failure tooManyLosses(Failure loss) {
        String message = loss.message() + ", the last of " + MOST_LOST_CONNECTIONS + " times; the row is given up";
        return new Failure(loss.columns(), loss.errorClass(), message, loss.stack(), false);
    }

    private static Failure poison(Failure crash, RowState row) {
        String message = crash.message() + ", " + row.crashesAlone() + " times without other rows beside it;"
                + " the row is given up";
        return new Failure(crash.columns(), crash.errorClass(), message, crash.stack(), false);
    }
}
