package org.rowmill.mounter.ssh;

import com.jcraft.jsch.Session;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rowmill.schemas.Threads;

/**
 * Closes a session whose peer no longer answers. It has two threads: the one that sends keep-alive messages can be
 * blocked by a full connection, and the other one detects that.
 */
final class SshWatch {

    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(3);
    private static final Duration LOST_AFTER = Duration.ofSeconds(9);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

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
        Threads.startDaemon("ssh-keep-alive " + host, this::sendKeepAlives);
        Threads.startDaemon("ssh-watch " + host, this::watch);
    }

    /** Returns whether the peer was silent for so long that it should be asked for a sign of life. */
    static boolean needsKeepAlive(PeerActivity activity, long nanos) {
        return activity.silence(nanos).compareTo(KEEP_ALIVE_INTERVAL.dividedBy(2)) > 0;
    }

    /** Returns whether the peer neither sends nor takes anything any more. */
    static boolean isLost(PeerActivity activity, long nanos) {
        return activity.silence(nanos).compareTo(LOST_AFTER) > 0
                || activity.blockedWrite(nanos).compareTo(LOST_AFTER) > 0;
    }

    private void sendKeepAlives() {
        while (!hasEnded(KEEP_ALIVE_INTERVAL)) {
            if (needsKeepAlive(socket.activity(), System.nanoTime())) {
                try {
                    forwards.keepAlive();
                } catch (Exception e) {
                    // The connection is broken. The session's own thread detects that too, and ends.
                    return;
                }
            }
        }
    }

    private void watch() {
        while (!hasEnded(CHECK_INTERVAL)) {
            if (isLost(socket.activity(), System.nanoTime())) {
                socket.close();
                // This ends the session's streams even if the session's own thread is blocked.
                TimeLimit.run("ssh-close " + host, KEEP_ALIVE_INTERVAL, session::disconnect);
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
            throw new IllegalStateException("nothing fails the future or interrupts this thread", e);
        }
    }
}
