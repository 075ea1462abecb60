package org.rowmill.mounter.ssh;

import com.jcraft.jsch.SocketFactory;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A connected socket that knows how long its peer has been silent. JSch's own keep-alives do not see it all: they wait for the lock
 * that a write into a full connection holds, and they lose their place in the stream when the silence is in mid-packet.
 */
final class WatchedSocket implements SocketFactory {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final InetAddress localAddress;
    private volatile long received = System.nanoTime();
    private volatile boolean reading;
    private volatile boolean writing;
    private volatile long since = System.nanoTime();
    private volatile long writingSince;

    WatchedSocket(Socket socket) {
        this.socket = socket;
        this.localAddress = socket.getLocalAddress(); // of a socket that is closed: the wildcard
    }

    /** This end's. */
    InetAddress localAddress() {
        return localAddress;
    }

    /** The peer's. */
    InetAddress remoteAddress() {
        return socket.getInetAddress();
    }

    /** Since when nothing came although it was waited for. A reader that is busy elsewhere says nothing about the peer. */
    Duration unheard() {
        long now = System.nanoTime();
        return reading ? Duration.ofNanos(now - Math.max(received, since)) : Duration.ZERO;
    }

    /** Since when one write has been stuck. */
    Duration stuck() {
        long start = writingSince;
        return writing ? Duration.ofNanos(System.nanoTime() - start) : Duration.ZERO;
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        return socket;
    }

    @Override
    public InputStream getInputStream(Socket same) throws IOException {
        return new BufferedInputStream(new Input(same.getInputStream()), BUFFER_BYTES);
    }

    @Override
    public OutputStream getOutputStream(Socket same) throws IOException {
        return new Output(same.getOutputStream());
    }

    /** One thread reads, the session's. */
    private final class Input extends FilterInputStream {

        Input(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            since = System.nanoTime();
            reading = true;
            try {
                int count = in.read(bytes, offset, length);
                received = System.nanoTime();
                return count;
            } finally {
                reading = false;
            }
        }
    }

    /** One thread writes at a time, under JSch's lock. */
    private final class Output extends FilterOutputStream {

        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writingSince = System.nanoTime();
            writing = true;
            try {
                out.write(bytes, offset, length);
            } finally {
                writing = false;
            }
        }
    }
}
