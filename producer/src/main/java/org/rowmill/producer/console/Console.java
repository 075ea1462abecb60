package org.rowmill.producer.console;

import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people see: results on standard output, all else on standard error. Thread-safe. */
public final class Console {

    private static final String CLEAR_LINE = "\r\u001b[K";

    /** A terminal cuts what is between them at its width; a line that went on in the next one could not be cleared. */
    private static final String CUT = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final PrintStream err;
    private final int verbosity;
    private final boolean isTerminal;
    private final boolean hasColor;
    private String status = "";

    /**
     * A console.
     *
     * @param out standard output
     * @param err standard error
     * @param verbosity 0, 1 ({@code -v}) or 2 ({@code -vv})
     * @param isTerminal whether standard error is a terminal
     * @param environment NO_COLOR and TERM are read
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

    /** Whether somebody looks at a terminal that can clear a line. */
    public boolean isTerminal() {
        return isTerminal;
    }

    /** Says something that everybody is to see. */
    public void say(String text) {
        print(text);
    }

    /** Says something that is of interest with {@code -v} only. */
    public void verbose(String text) {
        if (verbosity > 0) {
            print(text);
        }
    }

    public void warn(String text) {
        print(colored(YELLOW, "warning: ") + text);
    }

    public void error(String text) {
        print(colored(RED, "error: ") + text);
    }

    /** Shows a line that the next one replaces; on a terminal only. Empty: no more. */
    public synchronized void status(String line) {
        if (isTerminal && !(line.isEmpty() && status.isEmpty())) {
            status = line.isEmpty() ? "" : CUT + line + WRAP;
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
        return hasColor ? color + text + PLAIN : text;
    }
}
