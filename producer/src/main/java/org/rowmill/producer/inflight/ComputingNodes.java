package org.rowmill.producer.inflight;

import java.util.Set;

/** What a decision needs to know of the nodes that compute now. */
public interface ComputingNodes {

    /** Returns the names of the nodes that compute now. */
    Set<String> names();

    /** Returns the maximum heap of the consumer of a node, in bytes; 0 if it is unknown. */
    long heapBytes(String node);
}
