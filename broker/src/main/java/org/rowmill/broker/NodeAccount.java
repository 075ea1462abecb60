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

/** A node whose consumers are let in: what they may send, and over which connections they do. Thread-safe. */
final class NodeAccount {

    /** Who uses a connection, once that is known. */
    static final AttributeKey<NodeAccount> OF_CHANNEL = AttributeKey.valueOf("rowmill.admitted");

    private final String node;
    private final Credentials credentials;
    private final List<Outlet> outlets;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private volatile boolean revoked;

    /** A queue that takes its messages, and what each of them begins with. */
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

    /** Why a message in a buffer, told by places and lengths of its address and body, is not its own; null: it may be. */
    @Nullable
    Rejection refuses(ByteBuf in, int address, int addressLength, int body, int bodyLength) {
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

    /** Whether a connection is its own from now on: not when it is another's. */
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

    /** Ends its connections. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    void revoke() {
        revoked = true;
        for (Channel channel : channels) {
            channel.close();
        }
    }
}
