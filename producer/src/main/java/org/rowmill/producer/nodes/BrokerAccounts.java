package org.rowmill.producer.nodes;

import java.util.Map;
import org.rowmill.broker.Credentials;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.Queues;

/** Lets the consumers of nodes into the broker: each node under its own name only. Thread-safe. */
public final class BrokerAccounts {

    private final EmbeddedBroker broker;
    private final Queues queues;
    private final MessageCodec codec;

    public BrokerAccounts(EmbeddedBroker broker, Queues queues, MessageCodec codec) {
        this.broker = broker;
        this.queues = queues;
        this.codec = codec;
    }

    /** For as long as a node is taken up. */
    public Credentials admit(String node) {
        return broker.admit(
                node,
                Map.of(
                        queues.results(), codec.beginningOfResults(node),
                        queues.nodes(), Heartbeat.beginning(node)));
    }

    /** It has left. */
    void revoke(Credentials credentials) {
        broker.revoke(credentials);
    }
}
