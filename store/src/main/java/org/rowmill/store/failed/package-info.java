/**
 * Failed rows, stored as a table of their own in {@code _failed/}. {@link org.rowmill.store.failed.FailedTable} is its
 * schema, {@link org.rowmill.store.failed.FailedReader} reads it.
 */
@NullMarked
package org.rowmill.store.failed;

import org.jspecify.annotations.NullMarked;
