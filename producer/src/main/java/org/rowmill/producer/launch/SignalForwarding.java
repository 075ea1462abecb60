package org.rowmill.producer.launch;

import java.io.IOException;
import java.io.OutputStream;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.Interrupts;
import org.rowmill.schemas.Signals;
import org.rowmill.schemas.Threads;

/**
 * Forwards signals from the launcher to the JVM that it started: one byte on standard input for each signal, which is
 * the exit code of the signal. The end of the input means that the launcher is gone.
 *
 * <p>The launcher uses {@link #forwardTo} only, which loads few classes: no lambdas, no streams, no libraries.
 */
public final class SignalForwarding {

    /** System property of the JVM that the launcher starts. */
    public static final String LAUNCHED = "rowmill.launched";

    private static final int KILLED = 137;

    private SignalForwarding() {}

    /** In the launcher: forwards signals from now on, to the standard input of the launched JVM. */
    public static void forwardTo(OutputStream head) {
        for (String signal : Interrupts.SIGNALS) {
            Signals.on(signal, new Forward(head, ExitCode.ofSignal(signal)));
        }
    }

    /** In the launched JVM: handles forwarded signals, and kills this JVM when the launcher is gone. */
    public static void listen(Interrupts interrupts) {
        Threads.startDaemon("rowmill-launcher", () -> {
            try {
                for (int exitCode = System.in.read(); exitCode >= 0; exitCode = System.in.read()) {
                    interrupts.forwarded(exitCode);
                }
            } catch (IOException e) {
                // the same as the end of the input
            }
            Signals.killSelf(KILLED); // a killed launcher ends the head, too
        });
    }

    private record Forward(OutputStream head, int exitCode) implements Runnable {
        @Override
        public void run() {
            try {
                head.write(exitCode);
                head.flush();
            } catch (IOException e) {
                return; // the head has ended, and so does the launcher
            }
        }
    }
}
