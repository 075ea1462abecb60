package org.rowmill.mounter.ssh;

/** What becomes of a node whose host key is not in the known_hosts file. A key that has changed is refused by all but {@link #OFF}. */
public enum HostKeys {
    /** It is refused. */
    STRICT,
    /** It is let in, and its key is added to the file. */
    ACCEPT_NEW,
    /** Every key is taken, a changed one too: for throw-away machines on a network that nobody else can reach. */
    OFF
}
