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
 * The acceptors of a broker: one on loopback, one inside the JVM, and one with TLS 1.3 for each address of this
 * computer at which a node connects directly. They end with the broker. Thread-safe.
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
     * @throws WrongInput if no port of the range is free
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

    /** Returns the certificate of the run. The first call makes it. */
    synchronized X509Certificate certificate() {
        return runCertificate().certificate();
    }

    private RunCertificate runCertificate() {
        RunCertificate made = certificate == null ? RunCertificate.make(Clock.systemUTC(), random) : certificate;
        certificate = made;
        return made;
    }

    /** Listens on an address of this computer. Returns the port, which is the same for each call with this address. */
    synchronized int direct(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            throw new IllegalArgumentException(
                    "one address of this computer was expected, not the wildcard address " + address);
        }
        String host = address.getHostAddress();
        SSLContext tls = runCertificate().server();
        return direct.computeIfAbsent(
                address, one -> bind(host, loopback, port -> Transports.tlsAcceptor(host, port, tls, policy)));
    }

    /**
     * Listens on the first free port, except one: the ports of a run identify its acceptors. It tries to bind each
     * port. If it looked for a free port first and bound it later, another head could bind the port in between.
     */
    private int bind(String address, int except, IntFunction<TransportConfiguration> transportOf) {
        String lastFault = "used by the broker itself";
        for (int port = ports.first(); port <= ports.last(); port++) {
            if (port != except) {
                Optional<String> fault = start(transportOf.apply(port));
                if (fault.isEmpty()) {
                    return port;
                }
                lastFault = fault.get();
            }
        }
        String holders = PortHolders.of(ports);
        throw new WrongInput(
                "no port is free on " + address + ": " + ports + " " + (ports.count() == 1 ? "was" : "were")
                        + " tried (" + (holders.isEmpty() ? lastFault : "held by " + holders)
                        + "). Choose other ports with --port and --port-count, or stop the programs that use these.");
    }

    /** Starts an acceptor. Returns why it cannot listen, or empty. */
    private Optional<String> start(TransportConfiguration transport) {
        Acceptor acceptor = remoting.createAcceptor(transport);
        if (acceptor == null) {
            throw new IllegalStateException("Artemis made no acceptor for " + transport.getName());
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
            throw new IllegalStateException("cannot remove the acceptor " + transport.getName(), e);
        }
    }
}
