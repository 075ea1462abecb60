package org.rowmill.producer.nodes;

import org.rowmill.broker.Credentials;
import org.rowmill.mounter.node.NodeJob;
import org.rowmill.mounter.node.NodeLocations;
import org.rowmill.producer.dispatch.RefusedChanges;
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
 * @param refused collects what nodes tried to change and may not
 * @param traffic counts what goes through the mounts
 */
public record NodeSetup(
        ClusterOptions options,
        NodeJob job,
        SettingsFactory settings,
        BrokerAccounts accounts,
        RefusedChanges refused,
        MountTraffic traffic) {

    /** Makes the settings of a consumer on a node. */
    public interface SettingsFactory {
        ConsumerSettings make(ClusterNode node, int slots, NodeLocations locations, Credentials credentials);
    }
}
