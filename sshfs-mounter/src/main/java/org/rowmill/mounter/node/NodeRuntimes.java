package org.rowmill.mounter.node;

import org.rowmill.mounter.NodeFault;

/** Supplies Java runtimes for nodes that have none, or one that is too old. Thread-safe. */
public interface NodeRuntimes {

    /**
     * Returns the oldest Java with which the run works.
     *
     * @return its feature version, 17 or newer
     */
    int oldest();

    /**
     * Returns a runtime that works on a node.
     *
     * @param probe what the node has
     * @return a gzipped tar archive that contains {@code bin/java}
     * @throws NodeFault if there is none for this node; it says what to install there
     */
    NodeFile forNode(NodeProbe probe) throws NodeFault, InterruptedException;
}
