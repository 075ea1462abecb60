package org.rowmill.broker;

import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnectorFactory;
import org.rowmill.schemas.tls.ParameterSslContext;

/**
 * The transports of the broker: TCP on loopback, TLS from other computers, and inside the JVM. They are made from
 * values, because transport URLs of Artemis need a library for reflective beans, which takes time to start.
 */
final class Transports {

    static final String LOOPBACK = "127.0.0.1";

    private static final int NETWORK_THREADS = 4;

    private Transports() {}

    static TransportConfiguration tcpAcceptor(int port, BrokerPolicy policy) {
        return acceptor("tcp", tcp(LOOPBACK, port, policy));
    }

    /** Returns an acceptor with TLS 1.3. */
    static TransportConfiguration tlsAcceptor(String address, int port, SSLContext context, BrokerPolicy policy) {
        Map<String, Object> parameters = tcp(address, port, policy);
        ParameterSslContext.enableTls(parameters, context);
        parameters.put("sslContext", address + ":" + port); // any name: without one, Artemis requires a key store file
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
        // Native transports are not faster here, and load a library.
        parameters.put("useEpoll", false);
        parameters.put("useKQueue", false);
        // Milliseconds to wait for new tasks when the transport closes; there are none.
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
