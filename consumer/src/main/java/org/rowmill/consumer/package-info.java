/** The worker process: takes rows from the broker, computes them, sends the results. */
@NullMarked
package org.rowmill.consumer;

import org.jspecify.annotations.NullMarked;
