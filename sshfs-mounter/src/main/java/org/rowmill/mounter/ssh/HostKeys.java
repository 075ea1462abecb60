package org.rowmill.mounter.ssh;

/**
 * How to treat a node whose host key is not in the known_hosts file. All modes but {@link #OFF} reject a changed key.
 */
public enum HostKeys {
    /** Rejects the node. */
    STRICT,
    /** Accepts the node and adds its key to the file. */
    ACCEPT_NEW,
    /** Accepts every key, even a changed one. For temporary nodes on a network that nobody else can reach. */
    OFF
}
