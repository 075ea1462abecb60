/**
 * Requests to compute columns again. {@link org.rowmill.store.recompute.RecomputeFile} keeps them in the directory of
 * the table until every row has its new values, so that the next run finishes what an interrupted one began.
 */
@NullMarked
package org.rowmill.store.recompute;

import org.jspecify.annotations.NullMarked;
