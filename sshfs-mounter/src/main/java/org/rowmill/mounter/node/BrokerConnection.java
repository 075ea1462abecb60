package org.rowmill.mounter.node;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.RemoteResult;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.schemas.WrongInput;

/** One node's way to the broker, or to what stands where the broker would. */
final class BrokerConnection {

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(20);

    private final SshSession session;
    private final String consumer;
    private final boolean direct;
    private final String host;
    private final int port;

    private BrokerConnection(SshSession session, String consumer, boolean direct, String host, int port) {
        this.session = session;
        this.consumer = consumer;
        this.direct = direct;
        this.host = host;
        this.port = port;
    }

    /**
     * Makes it.
     *
     * @param session leads to the node
     * @param route how
     * @param consumer a command for the node's shell that starts the consumer's checks
     * @throws NodeFault when nothing of the node gets to the head that way
     */
    static BrokerConnection open(SshSession session, BrokerRoute route, String consumer)
            throws NodeFault, InterruptedException {
        if (route instanceof BrokerRoute.Tunnel tunnel) {
            return new BrokerConnection(session, consumer, false, "127.0.0.1", forward(session, tunnel.port()));
        }
        InetAddress head = session.headAddress();
        int port = listen(((BrokerRoute.Direct) route).listener(), head);
        BrokerConnection way = new BrokerConnection(session, consumer, true, head.getHostAddress(), port);
        way.check("--reach");
        return way;
    }

    private static int forward(SshSession session, int port) throws NodeFault {
        try {
            return session.forward(port);
        } catch (IOException e) {
            throw new NodeFault(
                    ConnectionStep.BROKER,
                    "its SSH server forwards no port: " + e.getMessage(),
                    "Set AllowTcpForwarding yes in its sshd_config, or run with --connect direct.");
        }
    }

    private static int listen(BrokerRoute.Listener listener, InetAddress head) throws NodeFault {
        try {
            return listener.listen(head);
        } catch (WrongInput e) {
            throw new NodeFault(
                    ConnectionStep.BROKER,
                    String.valueOf(e.getMessage()).replaceFirst("\\.$", ""),
                    "Or run without --connect direct: it needs nothing but SSH.");
        }
    }

    /** What the consumer connects to, as the node sees it. */
    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Median round trip in nanoseconds to an echo server that stands there. */
    long roundTripNanos() throws NodeFault, InterruptedException {
        String out = check("--echo");
        try {
            return Long.parseLong(out.strip());
        } catch (NumberFormatException e) {
            throw fault("no time but: " + out.strip());
        }
    }

    private String check(String option) throws NodeFault, InterruptedException {
        try {
            RemoteResult result =
                    session.run(consumer + " " + option + " '" + host + ":" + port + "'", new byte[0], CHECK_LIMIT);
            if (result.exitCode() != 0) {
                throw fault(result.err().strip());
            }
            return result.out();
        } catch (IOException e) {
            throw fault(String.valueOf(e.getMessage()));
        }
    }

    private NodeFault fault(String why) {
        if (!direct) {
            return new NodeFault(
                    ConnectionStep.BROKER,
                    "its forwarded port leads nowhere: " + why,
                    "See AllowTcpForwarding in its sshd_config.");
        }
        return new NodeFault(
                ConnectionStep.BROKER,
                "it cannot connect to this computer at " + host + ", port " + port + ": " + why,
                "Here: sudo ufw allow from " + session.nodeAddress() + " to any port " + port
                        + " proto tcp; or run without --connect direct, which needs nothing but SSH.");
    }
}
