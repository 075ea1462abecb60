package org.rowmill.mounter.node;

import org.rowmill.mounter.NodeFault;

/** Java runtimes for nodes that have none. Thread-safe. */
public interface NodeRuntimes {

    /**
     * A runtime that works on a node.
     *
     * @param probe what the node has
     * @return a gzipped tar archive with {@code bin/java} in it
     * @throws NodeFault when there is none for this node, with what to install there
     */
    NodeFile forNode(NodeProbe probe) throws NodeFault, InterruptedException;
}
