/**
 * What users extend and call: a {@link org.rowmill.table.Table} whose {@link org.rowmill.table.Column} methods are the
 * columns of a table. This package needs the JDK only.
 */
@NullMarked
package org.rowmill.table;

import org.jspecify.annotations.NullMarked;
