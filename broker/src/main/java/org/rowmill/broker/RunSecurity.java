package org.rowmill.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnection;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager4;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.Queues;

/**
 * Accepts the head, only from inside this JVM, and nodes with an account. The head sends to the queues of the run and
 * receives from them. Consumers of a node receive rows, and send to the queues of their account. Nobody can create,
 * delete or browse a queue, or manage the broker. Thread-safe.
 *
 * <p>This is no {@code ActiveMQSecurityManager5}, because for that one the broker hashes the password for every
 * message, which takes a seventh of the CPU time of the head. For this interface it caches the answers for 10 s.
 */
final class RunSecurity implements ActiveMQSecurityManager4 {

    private static final int SECRET_BYTES = 24;
    private static final Set<CheckType> HEAD_CHECKS = Set.of(CheckType.SEND, CheckType.CONSUME);

    private final Queues queues;
    private final SecureRandom random;
    private final Rejections rejections;
    private final Credentials head;
    private final Map<String, NodeAccount> accounts = new ConcurrentHashMap<>();

    RunSecurity(Queues queues, SecureRandom random, Rejections rejections) {
        this.queues = queues;
        this.random = random;
        this.rejections = rejections;
        this.head = credentials();
    }

    /** Returns 192 random bits as text that needs no quotes in a URL or a shell. */
    static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Credentials credentials() {
        return new Credentials(secret(random), secret(random));
    }

    Credentials head() {
        return head;
    }

    Credentials admit(String node, Map<String, byte[]> beginnings) {
        Credentials made = credentials();
        accounts.put(made.user(), new NodeAccount(node, made, beginnings));
        return made;
    }

    void revoke(Predicate<NodeAccount> which) {
        List<NodeAccount> revoked = accounts.values().stream().filter(which).toList();
        revoked.forEach(one -> accounts.remove(one.credentials().user()));
        revoked.forEach(NodeAccount::revoke);
    }

    @Override
    public @Nullable String validateUser(
            @Nullable String givenUser, @Nullable String givenPassword, RemotingConnection connection, String domain) {
        if (isHead(givenUser, givenPassword, connection) || find(givenUser, givenPassword, connection) != null) {
            return givenUser;
        }
        rejections.rejected("", Rejection.CREDENTIALS);
        return null;
    }

    @Override
    public @Nullable String validateUserAndRole(
            @Nullable String givenUser,
            @Nullable String givenPassword,
            Set<Role> roles,
            CheckType check,
            String address,
            RemotingConnection connection,
            String domain) {
        if (isHead(givenUser, givenPassword, connection)) {
            return HEAD_CHECKS.contains(check) && queues.all().contains(address) ? givenUser : null;
        }
        NodeAccount node = find(givenUser, givenPassword, connection);
        if (node != null && isAllowed(node, check, address)) {
            return givenUser;
        }
        rejections.rejected(node == null ? "" : node.node(), Rejection.QUEUE);
        return null;
    }

    private boolean isAllowed(NodeAccount node, CheckType check, String address) {
        return (check == CheckType.CONSUME && address.equals(queues.rows()))
                || (check == CheckType.SEND && node.maySendTo(address));
    }

    private boolean isHead(@Nullable String user, @Nullable String password, RemotingConnection connection) {
        return connection.getTransportConnection() instanceof InVMConnection && isOf(head, user, password);
    }

    /** Finds the account of a node. A connection belongs to one account, so all of its messages do. */
    private @Nullable NodeAccount find(
            @Nullable String user, @Nullable String password, RemotingConnection connection) {
        NodeAccount found = user == null ? null : accounts.get(user);
        boolean isFound = found != null
                && isOf(found.credentials(), user, password)
                && connection.getTransportConnection() instanceof NettyConnection network
                && found.claim(network.getNettyChannel());
        return isFound ? found : null;
    }

    /** Unused: the broker calls the method with the connection. */
    @Override
    public boolean validateUser(@Nullable String givenUser, @Nullable String givenPassword) {
        return false;
    }

    /** Unused: the broker calls the method with the address. */
    @Override
    public boolean validateUserAndRole(
            @Nullable String givenUser, @Nullable String givenPassword, Set<Role> roles, CheckType check) {
        return false;
    }

    /** Compares in constant time, so that the time does not show how much of a guess is correct. */
    @SuppressWarnings("ShortCircuitBoolean") // compares both in any case
    private static boolean isOf(Credentials expected, @Nullable String user, @Nullable String password) {
        return isEqual(expected.user(), user) & isEqual(expected.password(), password);
    }

    private static boolean isEqual(String expected, @Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
