package org.rowmill.table;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a {@link Table} that computes a column. The method can also be declared by a superclass or an
 * interface of the table.
 *
 * <pre>{@code
 * @Column
 * long lineCount(Path file) throws IOException {          // column line_count
 *     try (Stream<String> lines = Files.lines(file)) {
 *         return lines.count();
 *     }
 * }
 *
 * @Column(version = 2, timeout = "30s", retryOn = IOException.class)
 * double ratio(long lineCount, Path file) throws IOException {   // receives the value of line_count
 *     return (double) Files.size(file) / lineCount;
 * }
 * }</pre>
 *
 * <h2>Method</h2>
 *
 * <p>The method can have any visibility except private. It is not static and has no type parameters. It can throw
 * anything: its columns, and those that need them, then have no value, and Rowmill stores the failure with the row. A
 * method that overrides a column method replaces its column, and inherits the annotation unless it has one of its own.
 *
 * <h2>Return type</h2>
 *
 * <ul>
 *   <li>{@code boolean}, {@code byte}, {@code short}, {@code int}, {@code long}, {@code float}, {@code double}, or
 *       their boxes, which can be null;
 *   <li>{@code String}, enums, {@code byte[]}, {@code Path}, {@code Instant} (stored in microseconds),
 *       {@code LocalDate}, {@code Duration}, {@code BigDecimal} (at most 20 digits before and 18 after the point);
 *   <li>{@code int[]}, {@code long[]}, {@code float[]}, {@code double[]}, {@code List<V>}, {@code Map<String, V>},
 *       {@code Optional<V>}, {@code OptionalInt}, {@code OptionalLong}, {@code OptionalDouble}, where {@code V} is any
 *       of these types;
 *   <li>a record of these, or an {@code Optional} of such a record. Each component is a column; if the record is null
 *       or absent, all of them are null.
 * </ul>
 *
 * <h2>Parameters</h2>
 *
 * <p>Rowmill applies the first rule that fits:
 *
 * <ol>
 *   <li>A parameter of type {@link RowContext} receives the context of the row.
 *   <li>A parameter that is named after another column ({@code lineCount} for {@code line_count}), and whose type can
 *       hold it, receives the value of that column, even if the index has the same type.
 *   <li>A parameter of the index type, boxed or primitive, receives the index. It can have any name.
 *   <li>A parameter that is named after a component of a record index, or after the index column, receives it.
 * </ol>
 *
 * <p>A type can hold a column if it is the type of the column, a wider primitive ({@code int} in {@code long} or
 * {@code double}), its box, {@code Number} or {@code Object}. A primitive cannot hold a column that can be null.
 *
 * <p>Rowmill reports every violation before the run starts. It also rejects a parameter that would receive the index by
 * rule 3, but has the name of a number column that it cannot hold, or a name that differs in one letter from that of a
 * column that it can hold.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Column {

    /**
     * Sets the name of the column: lower case with underscores. Two columns, including those of the index, cannot have
     * the same name. Not allowed on a method that returns a record, because its components name the columns.
     *
     * @return the name; blank: the name of the method, {@code lineCount} as {@code line_count}
     */
    String name() default "";

    /**
     * Sets the version of the computation. Increase it if the method now computes other values: the next run then
     * computes the column again, and the columns that need it.
     *
     * @return the version, 1 to 1,000,000
     */
    int version() default 1;

    /**
     * Sets the time limit of the method for one row, such as {@code 500ms}, {@code 30s}, {@code 5m} or {@code 2h}. A
     * method that exceeds it is interrupted, and its columns fail. If it does not end within 5 s after that, Rowmill
     * replaces the consumer process.
     *
     * @return the time limit; blank: only the limit of the row applies ({@code --timeout})
     */
    String timeout() default "";

    /**
     * Sets the exceptions that justify another attempt at the row ({@code --retries}). A timeout counts as
     * {@link java.util.concurrent.TimeoutException}. An empty list disables retries.
     *
     * @return classes of exceptions; their subclasses are included
     */
    Class<? extends Throwable>[] retryOn() default {Throwable.class};
}
