package org.rowmill.producer.nodes;

import io.micrometer.core.instrument.MeterRegistry;
import org.rowmill.broker.Credentials;
import org.rowmill.mounter.node.NodeJob;
import org.rowmill.mounter.node.NodeLocations;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * What a consumer on another node needs, besides what all consumers of the run need.
 *
 * @param options of the cluster
 * @param job what the run needs on each node
 * @param settings makes the settings of a consumer
 * @param accounts of the nodes at the broker
 * @param meters of the run
 */
public record NodeSetup(
        ClusterOptions options, NodeJob job, SettingsFactory settings, BrokerAccounts accounts, MeterRegistry meters) {

    /** Makes the settings of a consumer on a node. */
    public interface SettingsFactory {
        ConsumerSettings make(ClusterNode node, int slots, NodeLocations locations, Credentials credentials);
    }
}
