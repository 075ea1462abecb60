package org.rowmill.table;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a {@link Table} (or of a superclass or interface of it) that computes a column, or several when it
 * returns a record: one column for each component.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Column {

    /**
     * Name of the column, lower case with underscores; blank: the method's name in that spelling ({@code lineCount}
     * becomes {@code line_count}). Not for a method that returns a record, whose components name the columns.
     *
     * @return the name, or blank
     */
    String name() default "";

    /**
     * Version of the computation, 1 or more. Raise it when stored values are no longer what the method would compute:
     * they, and the columns that need them, are computed again on the next run.
     *
     * @return the version
     */
    int version() default 1;
}
