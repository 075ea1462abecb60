package org.rowmill.mounter.ssh;

/** What to do with a host key that is not known. A revoked key is always rejected. */
enum HostKeyPolicy {
    REJECT_UNKNOWN,
    ADD_UNKNOWN,
    ADD_UNKNOWN_ACCEPT_CHANGED,
    ACCEPT_ALL;

    boolean adds() {
        return this == ADD_UNKNOWN || this == ADD_UNKNOWN_ACCEPT_CHANGED;
    }

    boolean acceptsChanged() {
        return this == ADD_UNKNOWN_ACCEPT_CHANGED || this == ACCEPT_ALL;
    }
}
