/** The consumer process: start, control by the head, heartbeats, end. */
@NullMarked
package org.rowmill.consumer.process;

import org.jspecify.annotations.NullMarked;
