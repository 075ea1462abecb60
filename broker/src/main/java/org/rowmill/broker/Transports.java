package org.rowmill.broker;

import java.util.Map;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnectorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;

/**
 * How the broker is reached: by TCP on loopback and inside the JVM. Built from values, since reading Artemis's transport
 * URLs costs a reflective bean library and its start.
 */
final class Transports {

    private static final String HOST = "127.0.0.1";
    private static final int NETWORK_THREADS = 4;

    private Transports() {}

    static TransportConfiguration tcpAcceptor(int port) {
        Map<String, Object> parameters = Map.of(
                "host",
                HOST,
                "port",
                port,
                "protocols",
                "CORE",
                "remotingThreads",
                NETWORK_THREADS,
                // Native transports win nothing here and load a library.
                "useEpoll",
                false,
                "useKQueue",
                false,
                // Milliseconds that closing waits for somebody else to call; nobody will.
                "quietPeriod",
                0);
        return new TransportConfiguration(NettyAcceptorFactory.class.getName(), parameters, "tcp");
    }

    static TransportConfiguration inVmAcceptor(int id) {
        return new TransportConfiguration(InVMAcceptorFactory.class.getName(), Map.of("serverId", id), "vm");
    }

    static TransportConfiguration inVmConnector(int id) {
        return new TransportConfiguration(InVMConnectorFactory.class.getName(), Map.of("serverId", id));
    }
}
