package org.rowmill.broker;

import java.util.Objects;

/**
 * User and password of a node for the broker.
 *
 * @param user random text
 * @param password random text, never printed
 */
public record Credentials(String user, String password) {

    /** Rejects null. */
    public Credentials {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
    }

    /** Contains neither user nor password, so that no log does. */
    @Override
    public String toString() {
        return "Credentials";
    }
}
