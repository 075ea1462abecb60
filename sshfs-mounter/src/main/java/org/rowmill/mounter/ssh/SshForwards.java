package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** Ports of a node that lead to the head. JSch keeps one port a session that the server chose; the next ones are sought beside it. */
final class SshForwards {

    private static final int ATTEMPTS = 20;
    private static final int LOWEST = 1024;

    private final Session session;

    /** Held while an answer is waited for: JSch takes a keep-alive's for it. */
    private final ReentrantLock asking = new ReentrantLock();

    /** Guarded by the lock; 0: none yet. */
    private int last;

    SshForwards(Session session) {
        this.session = session;
    }

    int add(int headPort) throws IOException {
        asking.lock();
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
                    // JSch's reading thread says that there is an answer before it writes down the port in it.
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
            asking.unlock();
        }
    }

    /** Sends a keep-alive unless an answer is waited for, which is as good as one. */
    void keepAlive() throws Exception {
        if (asking.tryLock()) {
            try {
                session.sendKeepAliveMsg();
            } finally {
                asking.unlock();
            }
        }
    }
}
