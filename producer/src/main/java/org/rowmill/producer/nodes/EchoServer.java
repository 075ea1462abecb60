package org.rowmill.producer.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.rowmill.broker.PortRange;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.WrongInput;

/**
 * Listens in place of the broker while nodes are only checked, and sends back what it receives. One thread a
 * connection.
 */
final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 50;

    private final ServerSocket server;

    private EchoServer(ServerSocket server) {
        this.server = server;
        Threads.startDaemon("rowmill-echo", this::accept);
    }

    /** Starts a server on a free port of the loopback interface, which the system chooses. */
    static EchoServer onAnyPort() throws IOException {
        return new EchoServer(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    }

    /**
     * Starts a server on the first free port of a range.
     *
     * @param except a port of the range that is not used
     * @throws WrongInput if no port is free
     */
    static EchoServer start(InetAddress address, PortRange ports, int except) {
        String reason = "reserved for the broker";
        for (int port = ports.first(); port <= ports.last(); port++) {
            if (port != except) {
                try {
                    return new EchoServer(new ServerSocket(port, BACKLOG, address));
                } catch (IOException e) {
                    reason = String.valueOf(e.getMessage());
                }
            }
        }
        throw new WrongInput("no port is free on " + address.getHostAddress() + ": " + ports + " "
                + (ports.count() == 1 ? "was" : "were") + " tried (" + reason
                + "). Choose other ports with --port and --port-count.");
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Threads.startDaemon("rowmill-echo-" + socket.getPort(), () -> echo(socket));
            }
        } catch (IOException e) {
            return; // close() was called
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            byte[] buffer = new byte[1024];
            for (int read = socket.getInputStream().read(buffer); read >= 0; ) {
                socket.getOutputStream().write(buffer, 0, read);
                read = socket.getInputStream().read(buffer);
            }
        } catch (IOException e) {
            return; // the node has closed the connection
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
