package org.rowmill.consumer.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** Measures the way to the broker, from a node. */
final class EchoCheck {

    private static final int TRIES = 51;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int TIMEOUT_MILLIS = 10_000;

    private EchoCheck() {}

    /**
     * Connects, and no more.
     *
     * @param place host and port
     * @throws IOException when nobody listens there, or nothing comes back in time
     */
    static void reach(String place) throws IOException {
        connect(place).close();
    }

    private static Socket connect(String place) throws IOException {
        int colon = place.lastIndexOf(':');
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1))),
                    CONNECT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends bytes to an echo server.
     *
     * @param place host and port
     * @return the median round trip in nanoseconds
     * @throws IOException when nothing answers
     */
    static long roundTripNanos(String place) throws IOException {
        try (Socket socket = connect(place)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            long[] nanos = new long[TRIES];
            for (int i = 0; i < TRIES; i++) {
                long start = System.nanoTime();
                out.write(i);
                if (in.read() != i) {
                    throw new IOException("no echo came back");
                }
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return nanos[TRIES / 2];
        }
    }
}
