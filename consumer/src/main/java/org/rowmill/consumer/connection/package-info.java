/** The connection to the broker: sessions and how many rows each slot prefetches. */
@NullMarked
package org.rowmill.consumer.connection;

import org.jspecify.annotations.NullMarked;
