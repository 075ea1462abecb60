package org.rowmill.consumer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;

/** Measures the way to the broker, from a node. */
final class EchoCheck {

    private static final int TRIES = 51;
    private static final int TIMEOUT_MILLIS = 10_000;

    private EchoCheck() {}

    /**
     * Sends bytes to an echo server.
     *
     * @param port on loopback
     * @return the median round trip in nanoseconds
     * @throws IOException when nothing answers
     */
    static long roundTripNanos(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            long[] nanos = new long[TRIES];
            for (int i = 0; i < TRIES; i++) {
                long start = System.nanoTime();
                out.write(i);
                if (in.read() != i) {
                    throw new IOException("no echo came back from port " + port);
                }
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return nanos[TRIES / 2];
        }
    }
}
