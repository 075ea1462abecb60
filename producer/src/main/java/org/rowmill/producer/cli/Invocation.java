package org.rowmill.producer.cli;

import java.io.PrintStream;
import java.util.Objects;
import org.rowmill.producer.console.Interrupts;

/**
 * What every command needs besides its own options.
 *
 * @param out standard output: results
 * @param err standard error: everything else
 * @param settings options from the environment and from the project's file
 * @param interrupts the user's requests to end early
 */
record Invocation(PrintStream out, PrintStream err, Settings settings, Interrupts interrupts) {
    Invocation {
        Objects.requireNonNull(out);
        Objects.requireNonNull(err);
        Objects.requireNonNull(settings);
        Objects.requireNonNull(interrupts);
    }
}
