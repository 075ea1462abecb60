package org.rowmill.schemas.model;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Converts between a value, as a column method declares it, and its stored value; {@link ColumnType} lists these. */
interface Conversion {

    ColumnType type();

    /**
     * Converts a value to its stored value.
     *
     * @throws IllegalArgumentException if the type cannot store it
     */
    @Nullable
    Object stored(@Nullable Object value);

    /** Converts a stored value back to the value. */
    @Nullable
    Object value(@Nullable Object stored);

    /** A conversion by two functions, which receive no null: null is stored as null. */
    record Simple(ColumnType type, UnaryOperator<Object> toStored, UnaryOperator<Object> toValue)
            implements Conversion {
        @Override
        public @Nullable Object stored(@Nullable Object value) {
            return value == null ? null : toStored.apply(value);
        }

        @Override
        public @Nullable Object value(@Nullable Object stored) {
            return stored == null ? null : toValue.apply(stored);
        }
    }
}
