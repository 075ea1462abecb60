/**
 * A table on disk. {@link org.rowmill.store.TableOpening} opens it, {@link org.rowmill.store.TableStore} reads and writes
 * it. Knows nothing of runs, nodes or messages.
 */
@NullMarked
package org.rowmill.store;

import org.jspecify.annotations.NullMarked;
