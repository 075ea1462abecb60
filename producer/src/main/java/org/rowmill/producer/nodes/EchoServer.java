package org.rowmill.producer.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.rowmill.broker.PortRange;
import org.rowmill.schemas.WrongInput;

/** Stands where the broker would, while nodes are only checked: sends back what comes. A thread a connection. */
final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 50;

    private final ServerSocket server;

    private EchoServer(ServerSocket server) {
        this.server = server;
        daemon("rowmill-echo", this::accept);
    }

    /** On a port of loopback that the system chooses. */
    static EchoServer anywhere() throws IOException {
        return new EchoServer(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    }

    /**
     * On the first free port of a range, but not on one.
     *
     * @throws WrongInput when there is none
     */
    static EchoServer start(InetAddress address, PortRange ports, int except) {
        String refusal = "the broker itself would listen there";
        for (int port = ports.first(); port <= ports.last(); port++) {
            if (port != except) {
                try {
                    return new EchoServer(new ServerSocket(port, BACKLOG, address));
                } catch (IOException e) {
                    refusal = String.valueOf(e.getMessage());
                }
            }
        }
        throw new WrongInput("no port is free on " + address.getHostAddress() + ": " + ports + " "
                + (ports.count() == 1 ? "was" : "were") + " tried (" + refusal
                + "). Choose others with --port and --port-count.");
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                daemon("rowmill-echo-" + socket.getPort(), () -> echo(socket));
            }
        } catch (IOException e) {
            return; // closed
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
            return; // the node's end of it
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
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
