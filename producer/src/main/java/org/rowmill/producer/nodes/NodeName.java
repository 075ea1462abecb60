package org.rowmill.producer.nodes;

import org.rowmill.schemas.cluster.ClusterNode;

/** Names nodes so that no two of a run have the same name. */
public final class NodeName {

    private NodeName() {}

    /** Returns the name of a node of the cluster file. It is not that of the head. */
    public static String of(ClusterNode node) {
        return of(node, LocalHost.name());
    }

    /** An alias of the SSH configuration may be called like the head, and lead elsewhere. */
    static String of(ClusterNode node, String head) {
        return node.name().equals(head) ? node.name() + ":" + ClusterNode.DEFAULT_PORT : node.name();
    }
}
