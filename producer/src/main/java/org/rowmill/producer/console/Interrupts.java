package org.rowmill.producer.console;

import java.util.List;
import org.rowmill.schemas.Signals;

/**
 * Requests of the user's to end early: signals that reach this process, and those that {@link Launch} passes on. A Ctrl-C
 * on a terminal comes both ways and is one request: the ways are counted apart, and what counts is the larger number.
 * Thread-safe.
 */
public final class Interrupts {

    /** Names, without SIG, of the signals that ask a process to end. */
    public static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private Runnable action = () -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    private int direct;
    private int forwarded;
    private int answered;

    /** From now on each request runs this, on a thread of the JVM's. */
    public void on(Runnable newAction) {
        synchronized (this) {
            action = newAction;
        }
        for (String signal : SIGNALS) {
            Signals.on(signal, this::direct);
        }
    }

    /** The launcher got a signal. */
    public void forwarded() {
        Runnable answer;
        synchronized (this) {
            forwarded++;
            answer = next();
        }
        answer.run();
    }

    private void direct() {
        Runnable answer;
        synchronized (this) {
            direct++;
            answer = next();
        }
        answer.run();
    }

    private Runnable next() {
        if (Math.max(direct, forwarded) > answered) {
            answered++;
            return action;
        }
        return () -> {};
    }
}
