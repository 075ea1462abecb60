package org.rowmill.consumer.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** Checks the connection from a node to the head, and measures its round trip. */
final class EchoCheck {

    private static final int TRIES = 51;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int TIMEOUT_MILLIS = 10_000;

    private EchoCheck() {}

    /**
     * Connects and disconnects.
     *
     * @param address host and port
     * @throws IOException if no connection is made within 5 s
     */
    static void reach(String address) throws IOException {
        connect(address).close();
    }

    private static Socket connect(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    CONNECT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends bytes to an echo server and measures how long they take to return.
     *
     * @param address host and port
     * @return the median round trip in nanoseconds
     * @throws IOException if the server does not answer within 10 s
     */
    static long roundTripNanos(String address) throws IOException {
        try (Socket socket = connect(address)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            long[] nanos = new long[TRIES];
            for (int i = 0; i < TRIES; i++) {
                long start = System.nanoTime();
                out.write(i);
                if (in.read() != i) {
                    throw new IOException(address + ": the server did not return the byte that was sent");
                }
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return nanos[TRIES / 2];
        }
    }
}
