package org.rowmill.table;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the column that stores the index of a table. Without it, the column is named {@code index}. Not allowed for a
 * record index, because its components name the columns.
 *
 * <pre>{@code
 * @IndexName("file")
 * public class Documents extends Table<Path> { ... }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface IndexName {

    /**
     * Returns the name of the column.
     *
     * @return lower case with underscores
     */
    String value();
}
