/**
 * The connection to the broker. {@link org.rowmill.consumer.connection.BrokerLink} opens sessions,
 * {@link org.rowmill.consumer.connection.PrefetchPolicy} decides how many rows a slot prefetches.
 */
@NullMarked
package org.rowmill.consumer.connection;

import org.jspecify.annotations.NullMarked;
