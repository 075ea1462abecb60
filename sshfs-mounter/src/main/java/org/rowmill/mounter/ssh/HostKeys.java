package org.rowmill.mounter.ssh;

import org.rowmill.mounter.ssh.config.HostKeyRules;

/**
 * How to treat a node whose host key is not in a known_hosts file. All modes but {@link #OFF} reject a changed key,
 * unless the SSH configuration accepts it.
 */
public enum HostKeys {
    /**
     * As StrictHostKeyChecking of the SSH configuration says. Nobody can be asked, so {@code ask} means
     * {@link #ACCEPT_NEW}.
     */
    CONFIGURED,
    /** Rejects the node. */
    STRICT,
    /** Accepts the node and adds its key to the file. */
    ACCEPT_NEW,
    /** Accepts every key, even a changed one. For temporary nodes on a network that nobody else can reach. */
    OFF;

    /** Returns what to do with a host. */
    HostKeyPolicy policy(HostKeyRules rules) {
        return switch (this) {
            case STRICT -> HostKeyPolicy.REJECT_UNKNOWN;
            case ACCEPT_NEW -> HostKeyPolicy.ADD_UNKNOWN;
            case OFF -> HostKeyPolicy.ACCEPT_ALL;
            case CONFIGURED ->
                switch (rules.checking()) {
                    case YES -> HostKeyPolicy.REJECT_UNKNOWN;
                    case ASK, ACCEPT_NEW -> HostKeyPolicy.ADD_UNKNOWN;
                    case NO -> HostKeyPolicy.ADD_UNKNOWN_ACCEPT_CHANGED;
                };
        };
    }
}
