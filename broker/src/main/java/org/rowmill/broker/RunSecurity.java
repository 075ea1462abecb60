package org.rowmill.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * Lets in one user, who may send to and consume from the run's queues and nothing else: no queue is created, deleted or
 * browsed, nothing is managed. Immutable.
 */
final class RunSecurity implements ActiveMQSecurityManager5 {

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
    public @Nullable Subject authenticate(
            @Nullable String givenUser, @Nullable String givenPassword, RemotingConnection connection, String domain) {
        return validateUser(givenUser, givenPassword)
                ? new Subject(true, Set.of(new UserPrincipal(user)), Set.of(), Set.of())
                : null;
    }

    @Override
    public boolean authorize(@Nullable Subject subject, Set<Role> roles, CheckType check, String address) {
        return subject != null
                && subject.getPrincipals().contains(new UserPrincipal(user))
                && ALLOWED.contains(check)
                && isOfTheRun(address);
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
        return false; // the broker asks authorize(), which knows the address
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
