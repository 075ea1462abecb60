package org.rowmill.schemas.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** One column method. */
public interface ColumnFunction {

    /**
     * Numbers of the columns it computes.
     *
     * @return at least one
     */
    List<Integer> makes();

    /**
     * Numbers of the columns it takes as parameters.
     *
     * @return none for a function of the index alone
     */
    List<Integer> needs();

    /**
     * How long it may take.
     *
     * @return empty: as long as its row may
     */
    Optional<Duration> timeout();

    /**
     * Whether what it threw is worth another attempt.
     *
     * @param thrown what it threw
     * @return whether the method's author says so
     */
    boolean isRetriedOn(Throwable thrown);

    /**
     * Computes its columns.
     *
     * @param table the table
     * @param index the row's index
     * @param context handed to methods that ask for it
     * @param values by column number, as methods declare them: needed ones are read, made ones are set
     * @throws Throwable what the method threw, itself
     */
    void compute(Table<?> table, Object index, RowContext context, @Nullable Object[] values) throws Throwable;
}
