package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.config.Route;
import org.rowmill.mounter.ssh.config.SshTarget;

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
    Socket connect(Route.Direct route) throws NodeFault, InterruptedException {
        List<InetAddress> addresses = resolve().stream()
                .filter(address -> isOf(route.family(), address))
                .toList();
        if (addresses.isEmpty()) {
            throw SshFaults.noAddressOfFamily(target.host(), route.family());
        }
        try {
            // The sockets have their own time limits, which expire first. This call makes the wait interruptible.
            return TimeLimit.call(
                    "ssh-connect " + target.host(), limit.plus(limit), () -> connectToOneOf(addresses, route));
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
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            return connect(address, Optional.empty(), (int) limit.toMillis());
        } catch (IOException e) {
            throw SshFaults.noConnection(target, e, limit);
        }
    }

    /** Starts the program of ProxyCommand. */
    ProxyProcess start(Route.Command route) throws NodeFault {
        try {
            return ProxyProcess.start(route.line(), target.host(), target.port());
        } catch (IOException e) {
            throw SshFaults.noProxy(target, "cannot be started: " + e.getMessage());
        }
    }

    private static boolean isOf(Route.Family family, InetAddress address) {
        return switch (family) {
            case ANY -> true;
            case INET -> address instanceof Inet4Address;
            case INET6 -> address instanceof Inet6Address;
        };
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
    private Socket connectToOneOf(List<InetAddress> addresses, Route.Direct route) throws IOException {
        int share = (int) Math.max(1, limit.toMillis() / addresses.size());
        IOException first = null;
        for (InetAddress address : addresses) {
            try {
                return connect(new InetSocketAddress(address, target.port()), localAddress(route, address), share);
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no address") : first;
    }

    /** Returns the configured address of this computer, of the same family as the server's address. */
    private static Optional<InetAddress> localAddress(Route.Direct route, InetAddress server) throws IOException {
        List<InetAddress> configured;
        if (route.bindAddress().isPresent()) {
            configured = List.of(InetAddress.getAllByName(route.bindAddress().get()));
        } else if (route.bindInterface().isPresent()) {
            NetworkInterface found =
                    NetworkInterface.getByName(route.bindInterface().get());
            configured = found == null ? List.of() : Collections.list(found.getInetAddresses());
        } else {
            return Optional.empty();
        }
        return Optional.of(configured.stream()
                .filter(address -> address.getClass() == server.getClass())
                .findFirst()
                .orElseThrow(() -> new IOException("BindAddress or BindInterface of the SSH configuration has no"
                        + " address on this computer for " + server.getHostAddress())));
    }

    private static Socket connect(InetSocketAddress address, Optional<InetAddress> local, int millis)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (local.isPresent()) {
                socket.bind(new InetSocketAddress(local.get(), 0));
            }
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
