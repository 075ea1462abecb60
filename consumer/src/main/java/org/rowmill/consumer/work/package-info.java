/**
 * What slots do. {@link org.rowmill.consumer.work.Worker} receives rows and sends results,
 * {@link org.rowmill.consumer.work.RowTask} computes one row, {@link org.rowmill.consumer.work.Deadlines} watches the
 * time limits.
 */
@NullMarked
package org.rowmill.consumer.work;

import org.jspecify.annotations.NullMarked;
