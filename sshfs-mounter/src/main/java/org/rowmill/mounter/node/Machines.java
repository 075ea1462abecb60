package org.rowmill.mounter.node;

import java.util.Objects;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/** The machines that compute, of which each is to compute once only, however many names it has. Thread-safe. */
public interface Machines {

    /**
     * Claims the machine that a node has turned out to be.
     *
     * @param arrival the node
     * @return the claim; the caller closes it when the node no longer computes
     * @throws NodeFault if the machine computes already
     */
    Claim claim(Arrival arrival) throws NodeFault;

    /**
     * A node to which Rowmill has connected.
     *
     * @param node its line in the cluster file
     * @param machine which machine it is
     * @param route how its address leads to it
     */
    record Arrival(ClusterNode node, Machine machine, Route route) {
        /** Checks. */
        public Arrival {
            Objects.requireNonNull(node);
            Objects.requireNonNull(machine);
            Objects.requireNonNull(route);
        }
    }

    /** How an address leads to a node. */
    enum Route {
        /** By the loopback of the head. Behind it may be another computer, for example by a forwarded port. */
        LOOPBACK,
        /** By another address of the head. */
        OWN_ADDRESS,
        /** By an address of another computer. */
        OTHER
    }

    /** The right to compute on a machine. */
    interface Claim extends AutoCloseable {
        /** Releases the machine. */
        @Override
        void close();
    }
}
