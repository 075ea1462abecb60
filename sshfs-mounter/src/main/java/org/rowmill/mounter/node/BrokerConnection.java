package org.rowmill.mounter.node;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.RemoteResult;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.schemas.WrongInput;

/**
 * How one node reaches the broker, or an echo server in place of the broker: a host and a port as the node sees them.
 */
final class BrokerConnection {

    private static final Duration CHECK_LIMIT = Duration.ofSeconds(20);

    private final SshSession session;
    private final String checkCommand;
    private final boolean direct;
    private final String host;
    private final int port;

    private BrokerConnection(SshSession session, String checkCommand, boolean direct, String host, int port) {
        this.session = session;
        this.checkCommand = checkCommand;
        this.direct = direct;
        this.host = host;
        this.port = port;
    }

    /**
     * Opens the route. A direct one is checked from the node.
     *
     * @param checkCommand a command for the node's shell that starts the consumer's checks
     * @throws NodeFault if the node cannot connect to the head by this route
     */
    static BrokerConnection open(SshSession session, BrokerRoute route, String checkCommand)
            throws NodeFault, InterruptedException {
        if (route instanceof BrokerRoute.Tunnel tunnel) {
            return new BrokerConnection(session, checkCommand, false, "127.0.0.1", forward(session, tunnel.port()));
        }
        InetAddress head = session.headAddress();
        int port = listen(((BrokerRoute.Direct) route).listener(), head);
        BrokerConnection connection = new BrokerConnection(session, checkCommand, true, head.getHostAddress(), port);
        connection.check("--reach");
        return connection;
    }

    private static int forward(SshSession session, int port) throws NodeFault {
        try {
            return session.forward(port);
        } catch (IOException e) {
            throw new NodeFault(
                    ConnectionStep.BROKER,
                    "its SSH server does not forward ports: " + e.getMessage(),
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
                    "Or run without --connect direct, which needs only SSH.");
        }
    }

    /** Returns the host that the consumer connects to, as the node sees it. */
    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Returns the median round trip to an echo server at the head's end, in nanoseconds. */
    long roundTripNanos() throws NodeFault, InterruptedException {
        String out = check("--echo");
        try {
            return Long.parseLong(out.strip());
        } catch (NumberFormatException e) {
            throw fault("a time in nanoseconds was expected, not: " + out.strip());
        }
    }

    private String check(String option) throws NodeFault, InterruptedException {
        try {
            RemoteResult result =
                    session.run(checkCommand + " " + option + " '" + host + ":" + port + "'", new byte[0], CHECK_LIMIT);
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
                    "its forwarded port does not lead to this computer: " + why,
                    "Check AllowTcpForwarding in its sshd_config.");
        }
        return new NodeFault(
                ConnectionStep.BROKER,
                "it cannot connect to this computer at " + host + ", port " + port + ": " + why,
                "On this computer: sudo ufw allow from " + session.nodeAddress() + " to any port " + port
                        + " proto tcp; or run without --connect direct, which needs only SSH.");
    }
}
