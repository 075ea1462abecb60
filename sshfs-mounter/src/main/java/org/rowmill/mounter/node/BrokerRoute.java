package org.rowmill.mounter.node;

import java.net.InetAddress;
import java.util.Objects;

/** How the consumers of nodes get to the broker. */
public sealed interface BrokerRoute {

    /**
     * Through the SSH connection of each node.
     *
     * @param port where the broker listens on the head's loopback
     */
    record Tunnel(int port) implements BrokerRoute {}

    /**
     * By connections of their own.
     *
     * @param listener lets the broker listen for them
     */
    record Direct(Listener listener) implements BrokerRoute {
        /** Checks. */
        public Direct {
            Objects.requireNonNull(listener);
        }
    }

    /** Listens where nodes reach the head. Called by a thread a node. */
    interface Listener {
        /**
         * Listens, unless it does.
         *
         * @param address of the head, by which it reaches a node
         * @return the port
         * @throws org.rowmill.schemas.WrongInput when no port is free
         */
        int listen(InetAddress address);
    }
}
