package org.rowmill.table;

import org.jspecify.annotations.Nullable;

/**
 * A stored row. Immutable.
 *
 * @param <I> index type of the table
 */
public interface Row<I> {

    /**
     * Returns the index of the row.
     *
     * @return the index
     */
    I index();

    /**
     * Returns a value in the type that the class declares, such as an enum, a {@code Path} or a {@code List}; boxed if
     * primitive.
     *
     * @param column name of the column
     * @return the value; null if it is null or was not computed
     * @throws IllegalArgumentException if the table has no such column
     */
    @Nullable
    Object get(String column);

    /**
     * Returns a whole number.
     *
     * @param column name of a column of type byte, short, int or long
     * @return the value
     * @throws IllegalArgumentException if the table has no such column, or the value is not a whole number
     */
    default long getLong(String column) {
        if (get(column) instanceof Number n && !(n instanceof Double) && !(n instanceof Float)) {
            return n.longValue();
        }
        throw new IllegalArgumentException(
                "column " + column + " of row " + index() + " is not a whole number: " + get(column));
    }

    /**
     * Returns a number.
     *
     * @param column name of a column of numbers
     * @return the value
     * @throws IllegalArgumentException if the table has no such column, or the value is not a number
     */
    default double getDouble(String column) {
        if (get(column) instanceof Number n) {
            return n.doubleValue();
        }
        throw new IllegalArgumentException(
                "column " + column + " of row " + index() + " is not a number: " + get(column));
    }

    /**
     * Returns a value as text.
     *
     * @param column name of any column
     * @return {@code String.valueOf} of the value
     * @throws IllegalArgumentException if the table has no such column
     */
    default String getString(String column) {
        return String.valueOf(get(column));
    }
}
