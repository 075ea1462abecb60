/**
 * Rows in flight: publishing, collecting, retries, crashed consumers and lost rows. {@link
 * org.rowmill.producer.dispatch.Publisher} sends rows, {@link org.rowmill.producer.dispatch.Collector} receives results.
 */
@NullMarked
package org.rowmill.producer.dispatch;

import org.jspecify.annotations.NullMarked;
