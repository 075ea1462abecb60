package org.rowmill.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.jspecify.annotations.Nullable;

/** The account of a node: what its consumers can send, and their connections. Thread-safe. */
final class NodeAccount {

    /** The account that uses a connection, after the login. */
    static final AttributeKey<NodeAccount> OF_CHANNEL = AttributeKey.valueOf("rowmill.account");

    private final String node;
    private final Credentials credentials;
    private final List<Outlet> outlets;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private volatile boolean revoked;

    /** A queue to which the node can send, and the bytes with which each message begins. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Outlet(String queue, byte[] address, byte[] beginning) {}

    NodeAccount(String node, Credentials credentials, Map<String, byte[]> beginnings) {
        this.node = node;
        this.credentials = credentials;
        this.outlets = beginnings.entrySet().stream()
                .map(outlet -> new Outlet(
                        outlet.getKey(),
                        SimpleString.of(outlet.getKey()).getData(),
                        outlet.getValue().clone()))
                .toList();
    }

    String node() {
        return node;
    }

    Credentials credentials() {
        return credentials;
    }

    boolean maySendTo(String queue) {
        return outlets.stream().anyMatch(outlet -> outlet.queue().equals(queue));
    }

    /**
     * Checks a message in a buffer by the positions and lengths of its address and body. Returns why the node cannot
     * send it; null: it can.
     */
    @Nullable
    Rejection check(ByteBuf in, int address, int addressLength, int body, int bodyLength) {
        for (Outlet outlet : outlets) {
            if (addressLength == outlet.address().length && isAt(in, address, outlet.address())) {
                byte[] begins = outlet.beginning();
                return bodyLength >= begins.length && isAt(in, body, begins) ? null : Rejection.SENDER;
            }
        }
        return Rejection.QUEUE;
    }

    private static boolean isAt(ByteBuf in, int place, byte[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (in.getByte(place + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Binds a connection to this account. Returns false if the connection belongs to another one, or the account is
     * revoked.
     */
    boolean claim(Channel channel) {
        NodeAccount other = channel.attr(OF_CHANNEL).setIfAbsent(this);
        if (other == this) {
            return !revoked;
        }
        if (other == null) {
            channels.add(channel);
            channel.closeFuture().addListener(closed -> channels.remove(channel));
        }
        return other == null && !revoked;
    }

    /** Closes the connections of the account, and rejects new ones. */
    @SuppressWarnings("FutureReturnValueIgnored") // does not wait until it is done
    void revoke() {
        revoked = true;
        for (Channel channel : channels) {
            channel.close();
        }
    }
}
