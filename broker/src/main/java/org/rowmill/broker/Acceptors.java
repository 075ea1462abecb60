package org.rowmill.broker;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.server.RemotingService;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;

/**
 * Where a broker listens: on loopback, inside the JVM, and, once a node asks for it, by TLS 1.3 on the address at which that
 * node reaches this computer. All end with the broker. Thread-safe.
 */
final class Acceptors {

    private static final int NONE = 0;

    private final RemotingService remoting;
    private final PortRange ports;
    private final SecureRandom random;
    private final BrokerPolicy policy;
    private final int loopback;
    private final Map<InetAddress, Integer> direct = new HashMap<>();
    private @Nullable RunCertificate certificate;

    /**
     * Listens on loopback and inside the JVM.
     *
     * @throws WrongInput when no port of the range is free
     */
    Acceptors(ActiveMQServer server, PortRange ports, SecureRandom random, BrokerPolicy policy) throws Exception {
        this.remoting = server.getRemotingService();
        this.ports = ports;
        this.random = random;
        this.policy = policy;
        this.loopback = bind(Transports.LOOPBACK, NONE, port -> Transports.tcpAcceptor(port, policy));
        // In-VM connectors are found by a number that is unique in the JVM, as the port is.
        remoting.createAcceptor(Transports.inVmAcceptor(loopback)).start();
    }

    int loopback() {
        return loopback;
    }

    /** The run's certificate, made when it is first asked for. */
    synchronized X509Certificate certificate() {
        return runCertificate().certificate();
    }

    private RunCertificate runCertificate() {
        RunCertificate made = certificate == null ? RunCertificate.make(Clock.systemUTC(), random) : certificate;
        certificate = made;
        return made;
    }

    /** The port for nodes on an address of this computer; the same for whoever asks again. */
    synchronized int direct(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            throw new IllegalArgumentException("one address was expected, not all that this computer has: " + address);
        }
        String host = address.getHostAddress();
        SSLContext tls = runCertificate().server();
        return direct.computeIfAbsent(
                address, one -> bind(host, loopback, port -> Transports.tlsAcceptor(host, port, tls, policy)));
    }

    /**
     * Listens on the first port that is free, but not on one: two listeners of a run are told apart by their ports. Binding
     * is the test: a port that is looked at first and bound later may be another head's by then.
     */
    private int bind(String address, int except, IntFunction<TransportConfiguration> transportOf) {
        String refusal = "the broker itself listens there";
        for (int port = ports.first(); port <= ports.last(); port++) {
            if (port != except) {
                Optional<String> fault = start(transportOf.apply(port));
                if (fault.isEmpty()) {
                    return port;
                }
                refusal = fault.get();
            }
        }
        String holders = PortHolders.of(ports);
        throw new WrongInput(
                "no port is free on " + address + ": " + ports + " " + (ports.count() == 1 ? "was" : "were")
                        + " tried (" + (holders.isEmpty() ? refusal : "held by " + holders)
                        + "). Choose others with --port and --port-count, or end what holds them.");
    }

    /** Empty, or why it does not listen. */
    private Optional<String> start(TransportConfiguration transport) {
        Acceptor acceptor = remoting.createAcceptor(transport);
        if (acceptor == null) {
            throw new IllegalStateException("Artemis makes no acceptor of " + transport.getName());
        }
        try {
            acceptor.start();
            return Optional.empty();
        } catch (Exception e) {
            destroy(transport);
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void destroy(TransportConfiguration transport) {
        try {
            remoting.destroyAcceptor(transport.getName());
        } catch (Exception e) {
            throw new IllegalStateException("an acceptor cannot be taken down: " + transport.getName(), e);
        }
    }
}
