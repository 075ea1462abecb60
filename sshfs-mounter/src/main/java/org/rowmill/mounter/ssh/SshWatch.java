package org.rowmill.mounter.ssh;

import com.jcraft.jsch.Session;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rowmill.schemas.Threads;

/**
 * Sees that a session's peer is still there. Two threads: the one that sends keep-alives can be stuck in a full connection, which is
 * for the other one to notice.
 */
final class SshWatch {

    private static final Duration ASK_AFTER = Duration.ofSeconds(3);
    private static final Duration LOST_AFTER = Duration.ofSeconds(9);
    private static final Duration TICK = Duration.ofMillis(500);

    private final String host;
    private final Session session;
    private final WatchedSocket socket;
    private final CompletableFuture<Void> ended;
    private final SshForwards forwards;

    SshWatch(String host, Session session, WatchedSocket socket, CompletableFuture<Void> ended, SshForwards forwards) {
        this.host = host;
        this.session = session;
        this.socket = socket;
        this.ended = ended;
        this.forwards = forwards;
    }

    void start() {
        Threads.startDaemon("ssh-keep-alive " + host, this::ask);
        Threads.startDaemon("ssh-watch " + host, this::watch);
    }

    private void ask() {
        while (!hasEnded(ASK_AFTER)) {
            if (socket.unheard().compareTo(ASK_AFTER.dividedBy(2)) > 0) {
                try {
                    forwards.keepAlive();
                } catch (Exception e) {
                    // The connection is broken: the session's own thread sees it too, and ends.
                    return;
                }
            }
        }
    }

    private void watch() {
        while (!hasEnded(TICK)) {
            if (socket.unheard().compareTo(LOST_AFTER) > 0 || socket.stuck().compareTo(LOST_AFTER) > 0) {
                socket.close();
                // Its streams end with this, also where its own thread is held up.
                TimeLimit.run("ssh-close " + host, ASK_AFTER, session::disconnect);
                ended.complete(null);
            }
        }
    }

    private boolean hasEnded(Duration wait) {
        try {
            ended.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("nobody fails or interrupts it", e);
        }
    }
}
