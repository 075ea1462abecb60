package org.rowmill.producer.console;

import java.util.List;
import java.util.function.IntConsumer;
import org.rowmill.schemas.Signals;

/**
 * The user's requests to end the run early. A request is a signal to this process or to the launcher, which forwards it.
 * Ctrl-C on a terminal reaches both processes and is one request. So both kinds are counted separately, and the larger
 * count is the number of requests. Thread-safe.
 */
public final class Interrupts {

    /** Names, without SIG, of the signals that ask a process to end. */
    public static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private IntConsumer action = exitCode -> Runtime.getRuntime().halt(exitCode);
    private int direct;
    private int forwarded;
    private int handled;

    /**
     * Handles signals from now on.
     *
     * @param newAction runs for each request, on a thread of the JVM; gets the exit code of the signal
     */
    public void on(IntConsumer newAction) {
        synchronized (this) {
            action = newAction;
        }
        for (String signal : SIGNALS) {
            Signals.on(signal, () -> received(ExitCode.ofSignal(signal)));
        }
    }

    /** Handles a signal that the launcher received and forwarded as its exit code. */
    public void forwarded(int exitCode) {
        IntConsumer next;
        synchronized (this) {
            forwarded++;
            next = next();
        }
        next.accept(exitCode);
    }

    /** Handles a signal that this process received. */
    void received(int exitCode) {
        IntConsumer next;
        synchronized (this) {
            direct++;
            next = next();
        }
        next.accept(exitCode);
    }

    private IntConsumer next() {
        if (Math.max(direct, forwarded) > handled) {
            handled++;
            return action;
        }
        return exitCode -> {};
    }
}
