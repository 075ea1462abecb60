package org.rowmill.table;

import org.jspecify.annotations.Nullable;

/**
 * One stored row. Immutable.
 *
 * @param <I> the table's index type
 */
public interface Row<I> {

    /**
     * The row's index.
     *
     * @return the index
     */
    I index();

    /**
     * A value as the class declares it (an enum, a Path, a List, …; boxed where primitive).
     *
     * @param column name of the column
     * @return the value, or null where it is null or was not computed
     * @throws IllegalArgumentException when the table has no such column
     */
    @Nullable
    Object get(String column);

    /**
     * A whole number.
     *
     * @param column name of an int or long column
     * @return the value
     * @throws IllegalArgumentException when the table has no such column, or the value is null or no whole number
     */
    default long getLong(String column) {
        if (get(column) instanceof Number n && !(n instanceof Double) && !(n instanceof Float)) {
            return n.longValue();
        }
        throw new IllegalArgumentException(
                "column " + column + " of row " + index() + " is no whole number: " + get(column));
    }

    /**
     * A number.
     *
     * @param column name of a numeric column
     * @return the value
     * @throws IllegalArgumentException when the table has no such column, or the value is null or no number
     */
    default double getDouble(String column) {
        if (get(column) instanceof Number n) {
            return n.doubleValue();
        }
        throw new IllegalArgumentException("column " + column + " of row " + index() + " is no number: " + get(column));
    }

    /**
     * A value as text.
     *
     * @param column name of any column
     * @return {@code String.valueOf} of the value
     * @throws IllegalArgumentException when the table has no such column
     */
    default String getString(String column) {
        return String.valueOf(get(column));
    }
}
