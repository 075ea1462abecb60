/** The consumers of a run, on the head and on nodes, and the cluster file while it changes. */
@NullMarked
package org.rowmill.producer.nodes;

import org.jspecify.annotations.NullMarked;
