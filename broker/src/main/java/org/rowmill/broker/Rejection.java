package org.rowmill.broker;

import java.util.Locale;

/** Why something from the network was rejected. */
public enum Rejection {
    /** No user, an unknown or revoked user, or a wrong password. */
    CREDENTIALS,
    /** No client of Artemis, a packet that consumers do not send, or one that is too long. */
    PACKET,
    /** A queue that consumers cannot use in this way. */
    QUEUE,
    /** A kind of message that consumers do not send, such as a serialized object. */
    MESSAGE,
    /** A message that names another node as its sender. */
    SENDER,
    /** A result that cannot be read. */
    RESULT,
    /** A result of a row that its sender did not receive. */
    TOKEN,
    /** A heartbeat that cannot be read. */
    HEARTBEAT;

    /**
     * Returns the label in metrics.
     *
     * @return the name in lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
