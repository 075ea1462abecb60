/**
 * Several parts as one table. {@link org.rowmill.store.compaction.MergedRows} reads them,
 * {@link org.rowmill.store.compaction.Compaction} rewrites them so that each row is in one part.
 */
@NullMarked
package org.rowmill.store.compaction;

import org.jspecify.annotations.NullMarked;
