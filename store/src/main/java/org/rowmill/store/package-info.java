/**
 * A table on disk. {@link org.rowmill.store.TableOpening} opens it, {@link org.rowmill.store.TableStore} reads, writes
 * and compacts it, {@link org.rowmill.store.TableChecker} checks it. In: rows with their values, and failed rows. Out:
 * parts, the keys of stored rows, streams of rows. The package knows nothing about runs, nodes or messages.
 */
@NullMarked
package org.rowmill.store;

import org.jspecify.annotations.NullMarked;
