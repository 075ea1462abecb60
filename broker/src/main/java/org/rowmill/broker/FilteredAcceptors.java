package org.rowmill.broker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.activemq.artemis.core.protocol.ProtocolHandler;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.cluster.ClusterConnection;
import org.apache.activemq.artemis.core.server.metrics.MetricsManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.BufferHandler;
import org.apache.activemq.artemis.spi.core.remoting.ServerConnectionLifeCycleListener;

/**
 * Makes acceptors of Artemis with a {@link FrameFilter} in front of each connection. Artemis makes this object by the
 * name of its class.
 */
public final class FilteredAcceptors extends NettyAcceptorFactory {

    /** The parameter that holds the {@link BrokerPolicy}. */
    static final String POLICY = "rowmill.policy";

    /** Called by Artemis. */
    public FilteredAcceptors() {}

    @Override
    @SuppressWarnings("rawtypes") // as Artemis declares it
    public Acceptor createAcceptor(
            String name,
            ClusterConnection connection,
            Map<String, Object> configuration,
            BufferHandler handler,
            ServerConnectionLifeCycleListener listener,
            Executor threadPool,
            ScheduledExecutorService scheduledThreadPool,
            Map<String, ProtocolManager> protocolMap,
            String threadFactoryGroupName,
            MetricsManager metricsManager) {
        Acceptor acceptor = super.createAcceptor(
                name,
                connection,
                configuration,
                handler,
                listener,
                threadPool,
                scheduledThreadPool,
                protocolMap,
                threadFactoryGroupName,
                metricsManager);
        BrokerPolicy policy =
                (BrokerPolicy) Objects.requireNonNull(configuration.get(POLICY), "the acceptor has no " + POLICY);
        filter(
                (NettyAcceptor) acceptor,
                new FilteredHandler(protocolMap, (NettyAcceptor) acceptor, scheduledThreadPool, policy));
        return acceptor;
    }

    /**
     * Replaces the protocol handler by reflection. Every public extension point comes after the handler that detects
     * HTTP.
     */
    private static void filter(NettyAcceptor acceptor, ProtocolHandler handler) {
        try {
            Field field = NettyAcceptor.class.getDeclaredField("protocolHandler");
            field.setAccessible(true);
            field.set(acceptor, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Artemis is not supported", e);
        }
    }

    /** Puts the filter first in the pipeline of each connection. */
    @SuppressWarnings("rawtypes") // as Artemis declares it
    private static final class FilteredHandler extends ProtocolHandler {

        private final BrokerPolicy policy;

        FilteredHandler(
                Map<String, ProtocolManager> protocols,
                NettyAcceptor acceptor,
                ScheduledExecutorService scheduled,
                BrokerPolicy policy) {
            super(protocols, acceptor, scheduled);
            this.policy = policy;
        }

        @Override
        public ChannelHandler getProtocolDecoder() {
            ChannelHandler artemis = super.getProtocolDecoder();
            return new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new FrameFilter(policy), artemis);
                }
            };
        }
    }
}
