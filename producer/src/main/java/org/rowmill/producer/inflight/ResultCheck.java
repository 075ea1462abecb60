package org.rowmill.producer.inflight;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.ResultMessage;

/** Checks that a result has the values that its row lacks. Plain functions. */
final class ResultCheck {

    private ResultCheck() {}

    /**
     * Checks a result.
     *
     * @param row the row
     * @param result its result
     * @param columns number of columns of the table
     * @param isLatest whether the result answers the latest message of the row. A result of an earlier message can have
     *     values that are known by now; they are removed.
     * @return the result with values for missing columns only, and for all of them unless it has failures; otherwise
     *     empty
     */
    static Optional<ResultMessage> check(RowState row, ResultMessage result, int columns, boolean isLatest) {
        if (row.isWhole()) { // the usual case, without a set
            boolean isComplete = !result.failures().isEmpty() || result.values().size() == columns;
            return isComplete ? Optional.of(result) : Optional.empty();
        }
        Set<Integer> missing = row.missing(columns);
        ResultMessage checked = isLatest ? result : restricted(result, missing);
        Set<Integer> given = checked.values().keySet();
        boolean isComplete =
                missing.containsAll(given) && (!result.failures().isEmpty() || given.size() == missing.size());
        return isComplete ? Optional.of(checked) : Optional.empty();
    }

    private static ResultMessage restricted(ResultMessage result, Set<Integer> columns) {
        Map<Integer, @Nullable Object> values = new HashMap<>(result.values());
        values.keySet().retainAll(columns);
        return result.with(values, result.failures());
    }
}
