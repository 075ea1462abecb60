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
import java.util.function.LongSupplier;

/**
 * A connected socket that records when bytes move. JSch's own keep-alive messages do not detect every dead peer: they
 * wait for the lock that a blocked write holds, and they fail if the peer stops in the middle of a packet.
 */
final class WatchedSocket implements SocketFactory {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final LongSupplier nanoTime;
    private final InetAddress localAddress;
    private final PeerActivity activity;

    /**
     * Wraps a socket.
     *
     * @param nanoTime monotonic clock in nanoseconds
     */
    WatchedSocket(Socket socket, LongSupplier nanoTime) {
        this.socket = socket;
        this.nanoTime = nanoTime;
        this.localAddress = socket.getLocalAddress(); // a closed socket would return the wildcard address
        this.activity = new PeerActivity(nanoTime.getAsLong());
    }

    /** Returns the address of this end. */
    InetAddress localAddress() {
        return localAddress;
    }

    /** Returns the address of the peer. */
    InetAddress remoteAddress() {
        return socket.getInetAddress();
    }

    PeerActivity activity() {
        return activity;
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

    /** Only the session's thread reads. */
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
            activity.beginRead(nanoTime.getAsLong());
            try {
                int count = in.read(bytes, offset, length);
                activity.received(nanoTime.getAsLong());
                return count;
            } finally {
                activity.endRead();
            }
        }
    }

    /** One thread at a time writes, under JSch's lock. */
    private final class Output extends FilterOutputStream {

        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            activity.beginWrite(nanoTime.getAsLong());
            try {
                out.write(bytes, offset, length);
            } finally {
                activity.endWrite();
            }
        }
    }
}
