/**
 * The consumer process: start, commands of the head, heartbeats, end. {@link org.rowmill.consumer.process.Consumer}
 * contains {@code main}; {@link org.rowmill.consumer.process.InProcess} starts a consumer inside the head.
 */
@NullMarked
package org.rowmill.consumer.process;

import org.jspecify.annotations.NullMarked;
