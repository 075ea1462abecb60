package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;

/** Resolves the name of an SSH server and connects to its port. */
final class TcpConnector {

    private final SshTarget target;
    private final Duration limit;

    /**
     * A connector.
     *
     * @param limit for the name, and again for the connection
     */
    TcpConnector(SshTarget target, Duration limit) {
        this.target = target;
        this.limit = limit;
    }

    /** Connects directly. */
    Socket connect() throws NodeFault, InterruptedException {
        List<InetAddress> addresses = resolve();
        try {
            // The sockets have their own time limits, which expire first. This call makes the wait interruptible.
            return TimeLimit.call("ssh-connect " + target.host(), limit.plus(limit), () -> connectToOneOf(addresses));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw SshFaults.noConnection(target, cause, limit);
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw SshFaults.tooSlow(ConnectionStep.CONNECT, target, limit);
        }
    }

    /**
     * Connects through a jump host, by a port of the head's loopback that lasts as long as the jump host's connection.
     * JSch's alternative, its Proxy interface, has no socket that could be watched.
     */
    Socket connectThrough(SshConnection jump) throws NodeFault {
        try {
            int port = jump.openLocalPort(target.host(), target.port());
            return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) limit.toMillis());
        } catch (IOException e) {
            throw SshFaults.noConnection(target, e, limit);
        }
    }

    private List<InetAddress> resolve() throws NodeFault, InterruptedException {
        try {
            return TimeLimit.call(
                    "ssh-resolve " + target.host(),
                    limit,
                    () -> Arrays.asList(InetAddress.getAllByName(target.host())));
        } catch (TimeoutException e) {
            throw SshFaults.slowName(target.host(), limit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw SshFaults.unknownName(target.host());
            }
            throw new IllegalStateException(e);
        }
    }

    /** Tries one address after the other, with an equal share of the time for each. */
    private Socket connectToOneOf(List<InetAddress> addresses) throws IOException {
        int share = (int) Math.max(1, limit.toMillis() / addresses.size());
        IOException first = null;
        for (InetAddress address : addresses) {
            try {
                return connect(new InetSocketAddress(address, target.port()), share);
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no address") : first;
    }

    private static Socket connect(InetSocketAddress address, int millis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, millis);
            // The kernel may choose the free port that is wanted as the local port of the connection.
            if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
                throw new IOException("nothing listens on this port (the socket connected to itself)");
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
