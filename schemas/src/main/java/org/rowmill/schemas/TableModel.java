package org.rowmill.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** A table class, found fit: its columns in source order, and how each is computed. Immutable, thread-safe. */
public final class TableModel {

    /**
     * Reads and checks a table class.
     *
     * @param table the class
     * @return its model
     * @throws WrongInput with every fault of the class
     */
    public static TableModel of(Class<?> table) {
        throw new UnsupportedOperationException();
    }

    /**
     * What the table stores.
     *
     * @return the schema
     */
    public TableSchema schema() {
        throw new UnsupportedOperationException();
    }

    /**
     * The user's class.
     *
     * @return the class
     */
    public Class<?> tableClass() {
        throw new UnsupportedOperationException();
    }

    /**
     * A new instance of the class.
     *
     * @return for one thread
     * @throws ReflectiveOperationException when the constructor throws
     */
    public Table<?> newTable() throws ReflectiveOperationException {
        throw new UnsupportedOperationException();
    }

    /**
     * The column methods, each after those whose columns it needs.
     *
     * @return the functions
     */
    public List<ColumnFunction> functions() {
        throw new UnsupportedOperationException();
    }

    /**
     * Turns an index into what is stored.
     *
     * @param index what {@code index()} listed
     * @return stored values, one for each index column
     * @throws IllegalArgumentException when it is null or holds a null, or an absolute path
     */
    public List<Object> storedIndex(@Nullable Object index) {
        throw new UnsupportedOperationException();
    }

    /**
     * Turns stored values into the index.
     *
     * @param stored one for each index column
     * @return an equal index
     */
    public Object index(List<Object> stored) {
        throw new UnsupportedOperationException();
    }

    /**
     * Turns the value of a column, as its method gave it, into what is stored.
     *
     * @param column number of the column
     * @param value the value
     * @return the stored value
     * @throws IllegalArgumentException when the type cannot hold it (a decimal of too many digits)
     */
    public @Nullable Object stored(int column, @Nullable Object value) {
        throw new UnsupportedOperationException();
    }

    /**
     * Turns a stored value into the value as the column's method declares it.
     *
     * @param column number of the column
     * @param stored the stored value
     * @return the value
     */
    public @Nullable Object value(int column, @Nullable Object stored) {
        throw new UnsupportedOperationException();
    }

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
}
