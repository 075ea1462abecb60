package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forwards ports of a node to the head. JSch supports only one port per session that the server chooses; further ports
 * are searched next to it. Thread-safe.
 */
final class SshForwards {

    private static final int ATTEMPTS = 20;
    private static final int LOWEST = 1024;

    private final Session session;

    /** Held during a request: JSch would mistake the answer to a keep-alive message for the answer to the request. */
    private final ReentrantLock requesting = new ReentrantLock();

    /** The port that was forwarded last; 0: none yet. Guarded by the lock. */
    private int last;

    SshForwards(Session session) {
        this.session = session;
    }

    /** Forwards a port of the node's loopback to a port of the head's loopback. Returns the node's port. */
    int add(int headPort) throws IOException {
        requesting.lock();
        try {
            JSchException refusal = null;
            for (int i = 0; i < ATTEMPTS; i++) {
                int wanted = last == 0 ? 0 : last - i > LOWEST ? last - i - 1 : 65_535 - i;
                try {
                    int port = session.setPortForwardingR("127.0.0.1:" + wanted + ":127.0.0.1:" + headPort);
                    if (port > 0) {
                        last = port;
                        return port;
                    }
                    // A race in JSch: its reading thread signals the answer before it stores the port. Try again.
                    session.delPortForwardingR(0);
                } catch (JSchException e) {
                    refusal = e;
                    if (wanted == 0 && i == 2) {
                        break;
                    }
                }
            }
            throw new IOException(
                    "the node's SSH server refuses to forward a port (AllowTcpForwarding, PermitListen)", refusal);
        } finally {
            requesting.unlock();
        }
    }

    /** Sends a keep-alive message, unless a request is pending: its answer shows as well that the node is there. */
    void keepAlive() throws Exception {
        if (requesting.tryLock()) {
            try {
                session.sendKeepAliveMsg();
            } finally {
                requesting.unlock();
            }
        }
    }
}
