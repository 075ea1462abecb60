/** Failed rows, stored as a table of their own under {@code _failed/}. */
@NullMarked
package org.rowmill.store.failed;

import org.jspecify.annotations.NullMarked;
