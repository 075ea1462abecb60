package org.rowmill.broker;

import java.util.Locale;

/** Why something that came over the network was refused or dropped. */
public enum Rejection {
    /** No user, another run's, one that has left, or a wrong password. */
    CREDENTIALS,
    /** No connection of Artemis, a packet that consumers do not send, or one that is too long. */
    PACKET,
    /** A queue that consumers may not use in that way. */
    QUEUE,
    /** A message that is not of the kind that consumers send, such as a serialized object. */
    MESSAGE,
    /** A message that names another node as its sender. */
    SENDER,
    /** A result that cannot be read. */
    RESULT,
    /** A result of a row that its sender was not given. */
    TICKET,
    /** A heartbeat that cannot be read. */
    HEARTBEAT;

    /**
     * As the metrics name it.
     *
     * @return the name in lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
