/**
 * Starts a run, computes its tables one after the other, and closes it. {@link org.rowmill.producer.run.Run} is the
 * entry.
 */
@NullMarked
package org.rowmill.producer.run;

import org.jspecify.annotations.NullMarked;
