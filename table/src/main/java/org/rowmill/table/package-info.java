/**
 * The API for tables. A user extends {@link org.rowmill.table.Table} and marks the methods that compute columns with
 * {@link org.rowmill.table.Column}. This package needs only the JDK.
 */
@NullMarked
package org.rowmill.table;

import org.jspecify.annotations.NullMarked;
