package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rowmill.mounter.ssh.config.Route;
import org.rowmill.mounter.ssh.config.SshTarget;
import org.rowmill.schemas.Threads;

/**
 * A connection to an SSH server that has accepted the user. It owns JSch's session, the socket, the connection to the
 * jump host if there is one, and the watch over all of them. Thread-safe.
 */
final class SshConnection implements AutoCloseable {

    static final Duration OPEN_LIMIT = Duration.ofSeconds(15);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final SshTarget target;
    private final Session session;
    private final WatchedSocket socket;
    private final CompletableFuture<Void> ended;
    private final Optional<SshConnection> jump;
    private final SshForwards forwards;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes over an authenticated session and starts to watch it.
     *
     * @param ended is completed when the session's thread ends
     * @param jump leads to the server; closed with this connection
     */
    SshConnection(
            SshTarget target,
            Session session,
            WatchedSocket socket,
            CompletableFuture<Void> ended,
            Optional<SshConnection> jump) {
        this.target = target;
        this.session = session;
        this.socket = socket;
        this.ended = ended;
        this.jump = jump;
        this.forwards = new SshForwards(session);
        new SshWatch(target.host(), session, socket, ended, forwards).start();
    }

    SshTarget target() {
        return target;
    }

    String serverVersion() {
        return session.getServerVersion();
    }

    /** Returns the head's address on the path to the server, or to the first jump host. */
    InetAddress headAddress() {
        return jump.map(SshConnection::headAddress).orElseGet(socket::localAddress);
    }

    /** Returns the server's address as the head sees it. For a server that is not reached directly: its name. */
    String nodeAddress() {
        return target.route() instanceof Route.Direct ? socket.remoteAddress().getHostAddress() : target.host();
    }

    /** Makes a port of the node's loopback lead to a port of the head's loopback. Returns the node's port. */
    int forward(int headPort) throws IOException {
        return call("ssh-forward", same -> forwards.add(headPort));
    }

    /** Opens a port of the head's loopback that leads to an address which the server can connect to. */
    int openLocalPort(String host, int port) throws IOException {
        return call("ssh-forward", same -> same.setPortForwardingL("127.0.0.1", 0, host, port));
    }

    /** A use of JSch's session. */
    interface Call<T> {
        T on(Session session) throws IOException, JSchException;
    }

    /** Uses the session, with a time limit. */
    <T> T call(String thread, Call<T> work) throws IOException {
        if (!isAlive()) {
            throw new IOException(target + ": the connection has ended");
        }
        try {
            return TimeLimit.call(thread + " " + target.host(), OPEN_LIMIT, () -> work.on(session));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(target + ": interrupted");
        } catch (TimeoutException e) {
            throw new IOException(target + ": no answer within " + OPEN_LIMIT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException || cause instanceof JSchException) {
                throw new IOException(target + ": " + cause.getMessage(), cause);
            }
            throw new IllegalStateException(cause);
        }
    }

    boolean isAlive() {
        return !closed.get() && !ended.isDone();
    }

    /**
     * Runs an action when the connection is lost, at once if it is lost already. Does not run it after {@link #close}.
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    void onLost(Runnable action) {
        // On a new thread, so that an exception of the action reaches that thread's handler.
        ended.thenRun(() -> Threads.startDaemon("ssh-lost " + target.host(), () -> {
            if (!closed.get()) {
                action.run();
            }
        }));
    }

    /**
     * Ends the session, its commands' streams and its ports. Takes about a second at most, even if the node is silent.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            TimeLimit.run("ssh-close " + target.host(), CLOSE_LIMIT, session::disconnect);
            socket.close();
            ended.complete(null);
            jump.ifPresent(SshConnection::close);
        }
    }
}
