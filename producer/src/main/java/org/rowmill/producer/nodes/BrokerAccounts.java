package org.rowmill.producer.nodes;

import java.util.Map;
import org.rowmill.broker.Credentials;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.Queues;

/** Creates accounts at the broker: each node can send results and heartbeats only under its own name. Thread-safe. */
public final class BrokerAccounts {

    private final EmbeddedBroker broker;
    private final Queues queues;
    private final MessageCodec codec;

    public BrokerAccounts(EmbeddedBroker broker, Queues queues, MessageCodec codec) {
        this.broker = broker;
        this.queues = queues;
        this.codec = codec;
    }

    /** Creates an account for one session of a node. */
    public Credentials admit(String node) {
        return broker.admit(
                node,
                Map.of(
                        queues.results(), codec.beginningOfResults(node),
                        queues.nodes(), Heartbeat.beginning(node)));
    }

    /** Deletes the account at the end of the session. */
    void revoke(Credentials credentials) {
        broker.revoke(credentials);
    }
}
