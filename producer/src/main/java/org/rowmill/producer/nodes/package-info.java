/**
 * Keeps consumers running, on the head and on other nodes, and follows the cluster file while it changes. Entry types:
 * {@link org.rowmill.producer.nodes.ConsumerSupervisor} for the head, {@link org.rowmill.producer.nodes.Cluster} for
 * other nodes. In: requests of the run (start, exclude, limit the time of rows, close) and events of the nodes. Out:
 * crashes with their rows, for {@code dispatch}, and messages for the user.
 */
@NullMarked
package org.rowmill.producer.nodes;

import org.jspecify.annotations.NullMarked;
