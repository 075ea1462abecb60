package org.rowmill.mounter.node;

import org.rowmill.mounter.NodeFault;

/** Supplies Java runtimes for nodes that have none. Thread-safe. */
public interface NodeRuntimes {

    /**
     * Returns a runtime that works on a node.
     *
     * @param probe what the node has
     * @return a gzipped tar archive that contains {@code bin/java}
     * @throws NodeFault if there is none for this node; it says what to install there
     */
    NodeFile forNode(NodeProbe probe) throws NodeFault, InterruptedException;
}
