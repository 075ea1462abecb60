package org.rowmill.producer.console;

import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints results to standard output and everything else to standard error. Thread-safe. */
public final class Console {

    private static final String CLEAR_LINE = "\r\u001b[K";

    /** Switches the wrapping of long lines off: a wrapped line cannot be cleared. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String RESET = "\u001b[0m";

    private final PrintStream out;
    private final PrintStream err;
    private final int verbosity;
    private final boolean isTerminal;
    private final boolean hasColor;
    private String status = "";

    /**
     * Creates a console.
     *
     * @param out standard output
     * @param err standard error
     * @param verbosity 0, 1 ({@code -v}) or 2 ({@code -vv})
     * @param isTerminal whether standard error is a terminal
     * @param environment contains NO_COLOR and TERM, if they are set
     */
    public Console(
            PrintStream out, PrintStream err, int verbosity, boolean isTerminal, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.verbosity = verbosity;
        this.isTerminal = isTerminal && !"dumb".equals(environment.get("TERM"));
        this.hasColor = this.isTerminal && isBlank(environment.get("NO_COLOR"));
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    public PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    int verbosity() {
        return verbosity;
    }

    /** Returns whether {@link #verbose} prints. */
    public boolean isVerbose() {
        return verbosity > 0;
    }

    /** Returns whether standard error is a terminal that can clear a line. */
    public boolean isTerminal() {
        return isTerminal;
    }

    /** Prints a message. */
    public void say(String text) {
        print(text);
    }

    /** Prints a message if the verbosity is 1 or more. */
    public void verbose(String text) {
        if (isVerbose()) {
            print(text);
        }
    }

    /** Prints a warning. */
    public void warn(String text) {
        print(colored(YELLOW, "warning: ") + text);
    }

    /** Prints an error. */
    public void error(String text) {
        print(colored(RED, "error: ") + text);
    }

    /** Shows a line that the next status replaces; on a terminal only. An empty line removes the status. */
    public synchronized void status(String line) {
        if (isTerminal && !(line.isEmpty() && status.isEmpty())) {
            status = line.isEmpty() ? "" : NO_WRAP + line + WRAP;
            err.print(CLEAR_LINE + status);
            err.flush();
        }
    }

    private synchronized void print(String text) {
        if (!status.isEmpty()) {
            err.print(CLEAR_LINE);
        }
        err.println(text);
        if (!status.isEmpty()) {
            err.print(status);
        }
        err.flush();
    }

    private String colored(String color, String text) {
        return hasColor ? color + text + RESET : text;
    }
}
