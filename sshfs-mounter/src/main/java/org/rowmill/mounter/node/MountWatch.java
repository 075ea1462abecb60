package org.rowmill.mounter.node;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * Puts together what is known of one node's mount: how its stream ended, and what the guard sees there. Tells of its loss once,
 * and no more after {@link #close}. A lost connection is not its matter. Thread-safe.
 */
final class MountWatch implements AutoCloseable {

    /** Of the guard's seconds, in which a probe does not come back and nothing moves. */
    private static final int HANGS_SECONDS = 3;

    /** The head speaks every two seconds: when the node has heard nothing younger, link or head are behind, not the mount. */
    private static final Duration SLOW_LINK = Duration.ofSeconds(4);

    private static final Duration EXIT_CODE = Duration.ofSeconds(2);
    private static final int SIGNALLED = 128;
    private static final int STEP_BYTES = 16 << 10;

    private final Traffic traffic;
    private final NodeEvents events;
    private final AtomicBoolean told = new AtomicBoolean();

    // Of the guard's last word; guarded by this.
    private int lastSeconds;
    private int stillSince;
    private long lastSteps = -1;

    MountWatch(Traffic traffic, NodeEvents events) {
        this.traffic = traffic;
        this.events = events;
    }

    /** Runs the server until its end, and says what that means. */
    void serve(SftpServer server, CompletableFuture<Integer> sshfs) {
        try {
            server.serve();
            streamEnded(server.fault(), sshfs);
        } catch (RuntimeException | Error e) {
            StringWriter stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            stack.toString().lines().forEach(events::printed);
            lost("the server of its files on the head broke: " + e);
        }
    }

    private void streamEnded(Optional<IOException> fault, CompletableFuture<Integer> sshfs) {
        String why = fault.map(e -> ": " + e.getMessage()).orElse("");
        try {
            int code = sshfs.get(EXIT_CODE.toMillis(), TimeUnit.MILLISECONDS);
            lost("its sshfs has ended" + how(code));
        } catch (TimeoutException e) {
            lost("its sshfs speaks no more" + why);
        } catch (ExecutionException e) {
            return; // the connection has ended, which others see
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It ends by itself when nobody uses any more what was unmounted, maybe before the guard has seen that. */
    private static String how(int code) {
        if (code == 0) {
            return ": it was unmounted there";
        }
        return code > SIGNALLED ? " (signal " + (code - SIGNALLED) + ")" : " (exit code " + code + ")";
    }

    /** The guard finds no sshfs. */
    void ended() {
        lost("its sshfs has ended");
    }

    /** The guard finds no mount, or another one. */
    void gone() {
        lost("it was unmounted there, or something else was mounted in its place");
    }

    /**
     * The guard waits for a look below the mount. That alone is no fault: it may stand behind much else on a slow link, or the
     * head's file system may be slow.
     *
     * @param seconds for so long
     * @param linkDelay age of the last word from the head that the node has heard
     */
    synchronized void silent(int seconds, Duration linkDelay) {
        long steps = traffic.steps();
        boolean moves = steps != lastSteps || traffic.isAnswering() || linkDelay.compareTo(SLOW_LINK) > 0;
        if (moves || seconds < lastSeconds) {
            stillSince = seconds;
        }
        lastSteps = steps;
        lastSeconds = seconds;
        if (seconds - stillSince >= HANGS_SECONDS) {
            lost("it does not answer: sshfs hangs there");
        }
    }

    private void lost(String how) {
        if (told.compareAndSet(false, true)) {
            events.mountLost(how);
        }
    }

    /** From now on its end is wanted. */
    @Override
    public void close() {
        told.set(true);
    }

    /** A stream that counts as moving whenever something comes. */
    static InputStream counted(InputStream in, Traffic traffic) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = super.read(bytes, offset, length);
                traffic.countStep();
                return read;
            }
        };
    }

    /** A stream that counts as moving whenever a part of what it is given is gone: a whole reply may take long. */
    static OutputStream counted(OutputStream out, Traffic traffic) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += STEP_BYTES) {
                    out.write(bytes, offset + done, Math.min(STEP_BYTES, length - done));
                    traffic.countStep();
                }
            }

            @Override
            public void flush() throws IOException {
                out.flush();
                traffic.countStep();
            }
        };
    }
}
