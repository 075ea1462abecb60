/**
 * One node: its probe, its cache, its mount, its consumer, and the node agent that supervises mount and consumer there.
 * Entry types: {@link org.rowmill.mounter.node.NodeSession} for runs, {@link org.rowmill.mounter.node.NodeCheck} for
 * checks.
 */
@NullMarked
package org.rowmill.mounter.node;

import org.jspecify.annotations.NullMarked;
