package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.rowmill.broker.Rejection;
import org.rowmill.broker.Rejections;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;

/** Rejects results that an honest consumer does not send. Used by the collector's thread. */
final class ResultFilter {

    private final MessageCodec codec;
    private final int table;
    private final int columns;
    private final InFlightRows inFlight;
    private final Retries retries;
    private final Rejections rejections;

    /**
     * Creates a filter for one table.
     *
     * @param codec decodes the messages
     * @param table number of the table in the run
     * @param columns number of columns of the table
     * @param inFlight knows the tokens of the rows
     * @param retries knows the columns that failed rows still lack
     * @param rejections counts what is rejected
     */
    ResultFilter(
            MessageCodec codec, int table, int columns, InFlightRows inFlight, Retries retries, Rejections rejections) {
        this.codec = codec;
        this.table = table;
        this.columns = columns;
        this.inFlight = inFlight;
        this.retries = retries;
        this.rejections = rejections;
    }

    /** Decodes a message; empty if the result is rejected. */
    Optional<ResultMessage> accept(byte[] body) {
        try {
            ResultMessage result = codec.decodeResult(body);
            Optional<Rejection> why = check(result);
            why.ifPresent(rejection -> rejections.rejected(result.node(), rejection));
            return why.isPresent() ? Optional.empty() : Optional.of(result);
        } catch (IOException e) {
            rejections.rejected(sender(body), Rejection.RESULT);
            return Optional.empty();
        }
    }

    /** The name is true: the broker accepts no message that names another node as its sender. */
    private String sender(byte[] body) {
        try {
            return codec.senderOfResult(body);
        } catch (IOException e) {
            return "";
        }
    }

    private Optional<Rejection> check(ResultMessage result) {
        if (result.table() != table || !inFlight.isValidToken(result.row(), result.token())) {
            return Optional.of(Rejection.TOKEN);
        }
        Optional<PlannedRow> row = inFlight.find(result.row());
        return row.isPresent() && !isComplete(row.get(), result) ? Optional.of(Rejection.RESULT) : Optional.empty();
    }

    /** Whether the result has a value or a failure for each column that the row lacks, and no other values. */
    private boolean isComplete(PlannedRow row, ResultMessage result) {
        if (row.columns().isEmpty() && row.known().isEmpty() && retries.failedAttempts(result.row()) == 0) {
            return !result.failures().isEmpty() || result.values().size() == columns; // the usual case, without a set
        }
        Set<Integer> missing = retries.missingColumns(result.row(), row);
        Set<Integer> given = result.values().keySet();
        return missing.containsAll(given) && (!result.failures().isEmpty() || given.size() == missing.size());
    }
}
