package org.rowmill.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.utils.DataConstants;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.MessageCodec;

/**
 * Filters each connection from outside this JVM before Artemis reads it. It passes on only whole packets that consumers
 * send, up to their maximum length. It reports a connection that sends anything else, and closes it. Artemis itself
 * accepts packets of 2 GB, HTTP, and packets between brokers before it checks the password, and trusts the lengths in
 * them. Used by the thread of the connection.
 */
final class FrameFilter extends ByteToMessageDecoder {

    /**
     * Maximum length of a packet that is no message. The longest one has the selector of a consumer with the name of a
     * node.
     */
    static final int SHORT_BYTES = 16 << 10;

    /** Maximum length of a message with its headers. */
    static final int LONGEST_FRAME = MessageCodec.LONGEST_BODY + SHORT_BYTES;

    private static final byte[] GREETING = "ARTEMIS".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = DataConstants.SIZE_INT;
    private static final int CHANNEL = DataConstants.SIZE_LONG;
    private static final int MOST_PROPERTIES = 16;
    private static final int USER_ID_BYTES = 16;
    private static final long LOGIN_SECONDS = 15;
    private static final long FULL_MILLIS = 50;

    private static final boolean[] BEFORE_LOGIN = table(
            PacketImpl.PING,
            PacketImpl.DISCONNECT,
            PacketImpl.DISCONNECT_V2,
            PacketImpl.DISCONNECT_V3,
            PacketImpl.CREATESESSION,
            PacketImpl.CREATESESSION_V2,
            PacketImpl.SUBSCRIBE_TOPOLOGY,
            PacketImpl.SUBSCRIBE_TOPOLOGY_V2,
            PacketImpl.CHECK_FOR_FAILOVER);

    private static final boolean[] AFTER_LOGIN = table(
            PacketImpl.PACKETS_CONFIRMED,
            PacketImpl.SESS_QUEUEQUERY,
            PacketImpl.SESS_BINDINGQUERY,
            PacketImpl.SESS_CREATECONSUMER,
            PacketImpl.SESS_CONSUMER_CLOSE,
            PacketImpl.SESS_START,
            PacketImpl.SESS_STOP,
            PacketImpl.SESS_CLOSE,
            PacketImpl.SESS_FLOWTOKEN,
            PacketImpl.SESS_FORCE_CONSUMER_DELIVERY,
            PacketImpl.SESS_PRODUCER_REQUEST_CREDITS,
            PacketImpl.SESS_ACKNOWLEDGE,
            PacketImpl.SESS_INDIVIDUAL_ACKNOWLEDGE,
            PacketImpl.SESS_COMMIT,
            PacketImpl.SESS_ROLLBACK,
            PacketImpl.SESS_ADD_METADATA,
            PacketImpl.SESS_ADD_METADATA2,
            PacketImpl.CREATE_PRODUCER,
            PacketImpl.REMOVE_PRODUCER,
            PacketImpl.SESS_SEND);

    private static boolean[] table(byte... types) {
        boolean[] table = new boolean[1 << Byte.SIZE];
        for (byte type : types) {
            table[Byte.toUnsignedInt(type)] = true;
        }
        return table;
    }

    private final BrokerPolicy policy;
    private boolean greeted;
    private boolean rejected;
    private @Nullable NodeAccount sender;

    FrameFilter(BrokerPolicy policy) {
        this.policy = policy;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // does not wait until it is done
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor().schedule(() -> closeUnlessLoggedIn(context), LOGIN_SECONDS, TimeUnit.SECONDS);
    }

    private void closeUnlessLoggedIn(ChannelHandlerContext context) {
        if (context.channel().isActive() && sender(context) == null) {
            reject(context, Rejection.CREDENTIALS);
        }
    }

    /** Passes on all whole packets at once. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (rejected) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int end = greeted ? in.readerIndex() : afterGreeting(context, in);
        int begin = end;
        while (end >= 0 && in.writerIndex() - end > LENGTH) {
            int length = in.getInt(end);
            byte type = in.getByte(end + LENGTH);
            Rejection fault = faultOf(length, type, context);
            if (fault == null && in.writerIndex() - end < LENGTH + length) {
                break;
            }
            if (fault == null && type == PacketImpl.SESS_SEND) {
                fault = faultOfMessage(in, end + LENGTH, end + LENGTH + length);
            }
            if (fault != null) {
                reject(context, fault);
                in.skipBytes(in.readableBytes());
                return;
            }
            end += LENGTH + length;
        }
        if (end > begin) {
            greeted = true;
            out.add(in.readRetainedSlice(end - in.readerIndex()));
            if (policy.isFull().getAsBoolean()) {
                pause(context);
            }
        }
    }

    /** Stops reading while the broker is full. Artemis itself only asks senders to wait. */
    @SuppressWarnings("FutureReturnValueIgnored") // does not wait until it is done
    private void pause(ChannelHandlerContext context) {
        boolean isFull = policy.isFull().getAsBoolean();
        context.channel().config().setAutoRead(!isFull);
        if (isFull && context.channel().isActive()) {
            context.executor().schedule(() -> pause(context), FULL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns where the first packet begins; negative: not known yet, or this is no client of Artemis. */
    private int afterGreeting(ChannelHandlerContext context, ByteBuf in) {
        int known = Math.min(in.readableBytes(), GREETING.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != GREETING[i]) {
                reject(context, Rejection.PACKET);
                in.skipBytes(in.readableBytes());
                return -1;
            }
        }
        return known < GREETING.length ? -1 : in.readerIndex() + GREETING.length;
    }

    private @Nullable Rejection faultOf(int length, byte type, ChannelHandlerContext context) {
        NodeAccount known = sender(context);
        int number = Byte.toUnsignedInt(type);
        boolean isAllowed = BEFORE_LOGIN[number] || (known != null && AFTER_LOGIN[number]);
        int longest = type == PacketImpl.SESS_SEND ? LONGEST_FRAME : SHORT_BYTES;
        return isAllowed && length > CHANNEL && length <= longest ? null : Rejection.PACKET;
    }

    /** Checks a message. It reads the buffer in place, because each result passes here. */
    private @Nullable Rejection faultOfMessage(ByteBuf in, int begin, int end) {
        int body = begin + 1 + CHANNEL + LENGTH;
        int headers = end - body < 0 ? -1 : body + in.getInt(body - LENGTH) - PacketImpl.PACKET_HEADERS_SIZE;
        int address = headers + DataConstants.SIZE_LONG + 1 + LENGTH; // after the number of the message
        if (headers < body || address > end || headers - body > MessageCodec.LONGEST_BODY) {
            return Rejection.MESSAGE;
        }
        int length = in.getByte(address - LENGTH - 1) == DataConstants.NULL ? -1 : in.getInt(address - LENGTH);
        if (length < 0 || length > end - address) {
            return Rejection.QUEUE;
        }
        if (!isPlain(in, address + length, end)) {
            return Rejection.MESSAGE;
        }
        NodeAccount known = sender;
        return known == null ? Rejection.CREDENTIALS : known.check(in, address, length, body, headers - body);
    }

    /**
     * Checks that a message has bytes, does not expire, and has few properties. Artemis allocates memory for the number
     * of properties that the message states.
     */
    private static boolean isPlain(ByteBuf in, int begin, int end) {
        int type = begin < end && in.getByte(begin) != DataConstants.NULL ? begin + 1 + USER_ID_BYTES : begin + 1;
        int expiration = type + 2; // after the flag for durable messages
        int properties = expiration + 2 * DataConstants.SIZE_LONG + 1; // after timestamp and priority
        if (properties >= end || end - properties > SHORT_BYTES) {
            return false;
        }
        boolean hasNone = in.getByte(properties) == DataConstants.NULL;
        int count = hasNone || end - properties <= LENGTH ? 0 : in.getInt(properties + 1);
        return in.getByte(type) == Message.BYTES_TYPE
                && in.getLong(expiration) == 0
                && count >= 0
                && count <= MOST_PROPERTIES;
    }

    private @Nullable NodeAccount sender(ChannelHandlerContext context) {
        if (sender == null) {
            sender = context.channel().attr(NodeAccount.OF_CHANNEL).get();
        }
        return sender;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // does not wait until it is done
    private void reject(ChannelHandlerContext context, Rejection why) {
        rejected = true;
        NodeAccount known = sender(context);
        context.close();
        policy.rejections().rejected(known == null ? "" : known.node(), why);
    }
}
