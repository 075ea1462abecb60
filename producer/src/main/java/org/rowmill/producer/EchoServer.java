package org.rowmill.producer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands where the broker would, while nodes are only checked: sends back what comes. A thread a connection. */
final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 50;

    private final ServerSocket server;

    EchoServer() throws IOException {
        server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        daemon("rowmill-echo", this::accept);
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
