package org.rowmill.schemas.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** Computes one or more columns of a row. */
public interface ColumnFunction {

    /**
     * Returns the numbers of the columns that it computes.
     *
     * @return at least one
     */
    List<Integer> makes();

    /**
     * Returns the numbers of the columns that it needs.
     *
     * @return none if it needs only the index
     */
    List<Integer> needs();

    /**
     * Returns its time limit for one row.
     *
     * @return empty: only the limit of the row applies
     */
    Optional<Duration> timeout();

    /**
     * Returns whether an exception justifies another attempt.
     *
     * @param thrown what it threw
     * @return whether its {@code retryOn} includes the exception
     */
    boolean isRetriedOn(Throwable thrown);

    /**
     * Computes its columns.
     *
     * @param table instance of the table
     * @param index index of the row
     * @param context context of the row
     * @param values values by column number, in the types that methods declare; the function reads those that it needs
     *     and sets those that it computes
     * @throws Throwable what the column method threw
     */
    void compute(Table<?> table, Object index, RowContext context, @Nullable Object[] values) throws Throwable;
}
