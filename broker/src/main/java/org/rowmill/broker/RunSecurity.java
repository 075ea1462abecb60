package org.rowmill.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager4;
import org.jspecify.annotations.Nullable;

/**
 * Lets in one user, who may send to and consume from the run's queues and nothing else: no queue is created, deleted or
 * browsed, nothing is managed. Immutable.
 *
 * <p>Not an {@code ActiveMQSecurityManager5}: for that one the broker hashes the password again for every message, a seventh
 * of the head's CPU time, while this one's answers it remembers (for 10 s).
 */
final class RunSecurity implements ActiveMQSecurityManager4 {

    private static final int SECRET_BYTES = 24;
    private static final Set<CheckType> ALLOWED = Set.of(CheckType.SEND, CheckType.CONSUME);
    private static final String QUEUE_OF_ADDRESS = "::";

    private final String user;
    private final String password;
    private final Set<String> queues;

    RunSecurity(String user, String password, Set<String> queues) {
        this.user = user;
        this.password = password;
        this.queues = Set.copyOf(queues);
    }

    /** Text of 192 random bits, free of characters that a URL or a shell would mind. */
    static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable String validateUser(
            @Nullable String givenUser, @Nullable String givenPassword, RemotingConnection connection, String domain) {
        return validateUser(givenUser, givenPassword) ? user : null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable String validateUserAndRole(
            @Nullable String givenUser,
            @Nullable String givenPassword,
            Set<Role> roles,
            CheckType check,
            String address,
            RemotingConnection connection,
            String domain) {
        boolean isAllowed = validateUser(givenUser, givenPassword) && ALLOWED.contains(check) && isOfTheRun(address);
        return isAllowed ? user : null;
    }

    /** Constant time, so that answers tell nothing about how much of a guess was right. */
    @Override
    @SuppressWarnings("ShortCircuitBoolean") // both are compared, whatever the first gives
    public boolean validateUser(@Nullable String givenUser, @Nullable String givenPassword) {
        return isEqual(user, givenUser) & isEqual(password, givenPassword);
    }

    @Override
    public boolean validateUserAndRole(
            @Nullable String givenUser, @Nullable String givenPassword, Set<Role> roles, CheckType check) {
        return false; // the broker asks with the address
    }

    private boolean isOfTheRun(String address) {
        int end = address.indexOf(QUEUE_OF_ADDRESS);
        return end < 0
                ? queues.contains(address)
                : queues.contains(address.substring(0, end))
                        && queues.contains(address.substring(end + QUEUE_OF_ADDRESS.length()));
    }

    private static boolean isEqual(String expected, @Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
