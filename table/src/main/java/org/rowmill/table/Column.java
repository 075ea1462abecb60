package org.rowmill.table;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a {@link Table} (or of a superclass or interface of it) that computes a column, or several when it
 * returns a record (or an {@code Optional} of one): one column for each component, null when the record is.
 *
 * <p>The method may have any visibility but private; it is not static and has no type parameters of its own. One that
 * overrides a column is that column, in its place, with its annotation unless it has one itself. It may throw anything: the
 * row's columns that it computes, and those that need them, are then missing, and the failure is kept with the row.
 *
 * <p>Types of columns: {@code boolean}, {@code byte}, {@code short}, {@code int}, {@code long}, {@code float},
 * {@code double} (boxed: may be null), {@code String}, enums, {@code byte[]}, {@code Instant} (kept to the microsecond),
 * {@code LocalDate}, {@code Duration}, {@code Path}, {@code BigDecimal} (at most 20 digits before and 18 after the point),
 * {@code int[]}, {@code long[]}, {@code float[]}, {@code double[]}, {@code List<V>}, {@code Map<String, V>},
 * {@code Optional<V>}, {@code OptionalInt}, {@code OptionalLong} and {@code OptionalDouble}, where V is any of these.
 *
 * <p>Where an argument comes from, the first that applies:
 *
 * <ol>
 *   <li>a parameter of type {@link RowContext} is the row's context;
 *   <li>a parameter whose name is another column's ({@code lineCount} for column {@code line_count}) and whose type can
 *       hold it is that column, also when the index has the same type;
 *   <li>a parameter of the index's type, boxed or not, is the index, whatever its name;
 *   <li>a parameter with the name of a component of a record index, or of the index's column, is that.
 * </ol>
 *
 * <p>A type can hold a column when it is the column's own, a wider primitive ({@code int} in {@code long} or
 * {@code double}), its box, {@code Number} or {@code Object}. A column that may be null does not fit a primitive. Anything
 * else is a fault that is told before a run starts; so is a parameter that would be the index by its type, while its name is
 * that of a number column of another type, or one letter away from that of a column it could hold.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Column {

    /**
     * Name of the column, lower case with underscores; blank: the method's name in that spelling ({@code lineCount}
     * becomes {@code line_count}). Not for a method that returns a record, whose components name the columns. No two columns
     * have the same name, those of the index included.
     *
     * @return the name, or blank
     */
    String name() default "";

    /**
     * Version of the computation, 1 to 1,000,000. Raise it when stored values are no longer what the method would compute:
     * they, and the columns that need them, are computed again on the next run.
     *
     * @return the version
     */
    int version() default 1;

    /**
     * How long the method may take for a row, such as {@code 500ms}, {@code 30s}, {@code 5m} or {@code 2h}; blank: as long as
     * the row may ({@code --timeout}). One that takes longer is interrupted, and its columns have failed; when it does not
     * end within 5 s of that, the consumer process is replaced.
     *
     * @return the time, or blank
     */
    String timeout() default "";

    /**
     * Which exceptions are worth another attempt ({@code --retries}); none: none are. A timeout is a
     * {@link java.util.concurrent.TimeoutException} here.
     *
     * @return their classes; subclasses count too
     */
    Class<? extends Throwable>[] retryOn() default {Throwable.class};
}
