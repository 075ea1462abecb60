/** What slots do: take a row, compute its columns within its time limits, send the result. */
@NullMarked
package org.rowmill.consumer.work;

import org.jspecify.annotations.NullMarked;
