package org.rowmill.mounter.node;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rowmill.mounter.sftp.SftpServer;
import org.rowmill.mounter.sftp.Traffic;

/**
 * Detects that a node has lost its mount, from how the SFTP stream ends and from what the node agent sees. Reports the
 * loss once, and nothing after {@link #close}. A lost connection is not a lost mount: {@link NodeAgent} detects it.
 * Thread-safe.
 */
final class MountWatch implements AutoCloseable {

    /** A mount hangs if its probe is pending and nothing moves for so long, by the node agent's count of seconds. */
    private static final int HANGS_SECONDS = 3;

    /**
     * The head sends a heartbeat every two seconds. If the latest one that the node has received is older than this,
     * the link or the head is slow, and a pending probe says nothing about the mount.
     */
    private static final Duration SLOW_LINK = Duration.ofSeconds(4);

    private static final Duration EXIT_CODE_LIMIT = Duration.ofSeconds(2);
    private static final int SIGNALLED = 128;

    private final Traffic traffic;
    private final NodeEvents events;
    private final AtomicBoolean reported = new AtomicBoolean();

    // About the latest report of a pending probe; guarded by this.
    private int lastSeconds;
    private int stillSince;
    private long lastSteps = -1;

    MountWatch(Traffic traffic, NodeEvents events) {
        this.traffic = traffic;
        this.events = events;
    }

    /** Runs the server until it ends, and reports the loss of the mount if that is why. */
    void serve(SftpServer server, CompletableFuture<Integer> sshfs) {
        try {
            server.serve();
            streamEnded(server.fault(), sshfs);
        } catch (RuntimeException | Error e) {
            StringWriter stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            stack.toString().lines().forEach(events::printed);
            report("the SFTP server on the head failed: " + e);
        }
    }

    private void streamEnded(Optional<IOException> fault, CompletableFuture<Integer> sshfs) {
        String why = fault.map(e -> ": " + e.getMessage()).orElse("");
        try {
            int code = sshfs.get(EXIT_CODE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            report("sshfs has ended" + reason(code));
        } catch (TimeoutException e) {
            report("sshfs has closed its connection" + why);
        } catch (ExecutionException e) {
            return; // the SSH connection is lost: NodeAgent reports that
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * After an unmount, sshfs ends with code 0 when no process uses the mount any more, maybe before the agent sees it.
     */
    private static String reason(int exitCode) {
        if (exitCode == 0) {
            return ": it was unmounted there";
        }
        return exitCode > SIGNALLED ? " (signal " + (exitCode - SIGNALLED) + ")" : " (exit code " + exitCode + ")";
    }

    /** The node agent finds no sshfs process. */
    void ended() {
        report("sshfs has ended");
    }

    /** The node agent finds no mount, or another one in its place. */
    void gone() {
        report("it was unmounted there, or something else was mounted in its place");
    }

    /**
     * The node agent's probe, a look at a file name below the mount, has not returned. This alone is no fault: its
     * request may wait behind a large file on a slow link, or for the head's file system.
     *
     * @param seconds since the probe was started
     * @param heartbeatAge age of the latest heartbeat that the node has received
     */
    synchronized void probePending(int seconds, Duration heartbeatAge) {
        long steps = traffic.steps();
        boolean moves = steps != lastSteps || traffic.isAnswering() || heartbeatAge.compareTo(SLOW_LINK) > 0;
        if (moves || seconds < lastSeconds) {
            stillSince = seconds;
        }
        lastSteps = steps;
        lastSeconds = seconds;
        if (seconds - stillSince >= HANGS_SECONDS) {
            report("sshfs hangs there: the mount does not answer");
        }
    }

    private void report(String how) {
        if (reported.compareAndSet(false, true)) {
            events.mountLost(how);
        }
    }

    /** Ends the watch: from now on, the end of the mount is intended. */
    @Override
    public void close() {
        reported.set(true);
    }
}
