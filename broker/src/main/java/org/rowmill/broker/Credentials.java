package org.rowmill.broker;

import java.util.Objects;

/**
 * What one consumer shows to the broker.
 *
 * @param user random text
 * @param password random text; for nobody's eyes
 */
public record Credentials(String user, String password) {

    /** Checks. */
    public Credentials {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
    }

    /** Of no use to who reads it in a log. */
    @Override
    public String toString() {
        return "Credentials";
    }
}
