package org.rowmill.mounter.node;

import java.net.InetAddress;
import java.util.Objects;

/** How the consumers on nodes connect to the broker. */
public sealed interface BrokerRoute {

    /**
     * Through the SSH connection of each node.
     *
     * @param port of the broker on the head's loopback
     */
    record Tunnel(int port) implements BrokerRoute {}

    /**
     * By direct connections to the head.
     *
     * @param listener makes the broker listen for them
     */
    record Direct(Listener listener) implements BrokerRoute {
        /** Checks. */
        public Direct {
            Objects.requireNonNull(listener);
        }
    }

    /** Makes the broker listen on an address of the head. One thread for each node calls it. */
    interface Listener {
        /**
         * Listens on an address, unless the broker does so already.
         *
         * @param address of the head, on its path to a node
         * @return the port
         * @throws org.rowmill.schemas.WrongInput if no port is free
         */
        int listen(InetAddress address);
    }
}
