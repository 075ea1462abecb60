package org.rowmill.broker;

/** Receives what the broker rejects, on threads of the broker. Implementations are fast and thread-safe. */
public interface Rejections {

    /**
     * Receives one rejection.
     *
     * @param node name of the node that sent it; blank: somebody without an account
     * @param why the reason
     */
    void rejected(String node, Rejection why);
}
