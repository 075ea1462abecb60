package org.rowmill.producer.nodes;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.rowmill.broker.PortRange;
import org.rowmill.mounter.node.BrokerRoute;
import org.rowmill.producer.options.ClusterOptions;

/** Listens on the ports where the broker of a run would listen. Thread-safe. */
public final class EchoServers implements AutoCloseable {

    private final PortRange ports;
    private final BrokerRoute route;
    private final EchoServer loopback;
    private final Map<InetAddress, EchoServer> direct = new HashMap<>();

    public EchoServers(ClusterOptions.Connect connect, PortRange ports) throws IOException {
        this.ports = ports;
        boolean isDirect = connect == ClusterOptions.Connect.DIRECT;
        // The broker of a run listens on loopback first. Nodes must find the same port here as there: a firewall may
        // block the others.
        this.loopback =
                isDirect ? EchoServer.start(InetAddress.getLoopbackAddress(), ports, 0) : EchoServer.onAnyPort();
        this.route = isDirect ? new BrokerRoute.Direct(this::listen) : new BrokerRoute.Tunnel(loopback.port());
    }

    /** Returns how nodes connect to the servers. */
    public BrokerRoute route() {
        return route;
    }

    private synchronized int listen(InetAddress address) {
        return direct.computeIfAbsent(address, one -> EchoServer.start(one, ports, loopback.port()))
                .port();
    }

    @Override
    public synchronized void close() {
        direct.values().forEach(EchoServer::close);
        loopback.close();
    }
}
