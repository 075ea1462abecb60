/**
 * Compares the nodes of a run by the rows that fail there. In: what happened to each attempt at a row. Out: which node
 * is excluded, for how long, and why. Knows no threads, messages, files or clocks. {@link
 * org.rowmill.producer.health.NodeComparison} is the entry type.
 */
@NullMarked
package org.rowmill.producer.health;

import org.jspecify.annotations.NullMarked;
