package org.rowmill.broker;

import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnectorFactory;
import org.rowmill.schemas.tls.ParameterSslContext;

/**
 * How the broker is reached: by TCP on loopback, by TLS from other computers, and inside the JVM. Built from values, since
 * reading Artemis's transport URLs costs a reflective bean library and its start.
 */
final class Transports {

    static final String LOOPBACK = "127.0.0.1";

    private static final int NETWORK_THREADS = 4;

    private Transports() {}

    static TransportConfiguration tcpAcceptor(int port, BrokerPolicy policy) {
        return acceptor("tcp", tcp(LOOPBACK, port, policy));
    }

    /** TLS 1.3 and nothing older. */
    static TransportConfiguration tlsAcceptor(String address, int port, SSLContext context, BrokerPolicy policy) {
        Map<String, Object> parameters = tcp(address, port, policy);
        parameters.put("sslEnabled", true);
        parameters.put("enabledProtocols", "TLSv1.3");
        parameters.put("sslContext", address + ":" + port); // any name: without one Artemis asks for a file of keys
        parameters.put(ParameterSslContext.PARAMETER, context);
        return acceptor("tls-" + address, parameters);
    }

    private static TransportConfiguration acceptor(String name, Map<String, Object> parameters) {
        return new TransportConfiguration(FilteredAcceptors.class.getName(), parameters, name);
    }

    private static Map<String, Object> tcp(String address, int port, BrokerPolicy policy) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(FilteredAcceptors.POLICY, policy);
        parameters.put("host", address);
        parameters.put("port", port);
        parameters.put("protocols", "CORE");
        parameters.put("remotingThreads", NETWORK_THREADS);
        // Native transports win nothing here and load a library.
        parameters.put("useEpoll", false);
        parameters.put("useKQueue", false);
        // Milliseconds that closing waits for somebody else to call; nobody will.
        parameters.put("quietPeriod", 0);
        return parameters;
    }

    static TransportConfiguration inVmAcceptor(int id) {
        return new TransportConfiguration(InVMAcceptorFactory.class.getName(), Map.of("serverId", id), "vm");
    }

    static TransportConfiguration inVmConnector(int id) {
        return new TransportConfiguration(InVMConnectorFactory.class.getName(), Map.of("serverId", id));
    }
}
