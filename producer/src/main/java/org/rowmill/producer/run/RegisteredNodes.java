package org.rowmill.producer.run;

import java.util.Set;
import org.rowmill.producer.inflight.ComputingNodes;
import org.rowmill.producer.monitor.ConsumerRegistry;

/**
 * The nodes that compute now, as their heartbeats say. Thread-safe.
 *
 * @param consumers the consumers that send heartbeats
 */
record RegisteredNodes(ConsumerRegistry consumers) implements ComputingNodes {

    @Override
    public Set<String> names() {
        return consumers.names();
    }

    @Override
    public long heapBytes(String node) {
        return consumers.heapBytes(node);
    }
}
