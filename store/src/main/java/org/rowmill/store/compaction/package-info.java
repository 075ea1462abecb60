/** Rewrites parts so that each row is in one part, and reads several parts as one table. */
@NullMarked
package org.rowmill.store.compaction;

import org.jspecify.annotations.NullMarked;
