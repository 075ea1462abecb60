package org.rowmill.producer.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much of the libraries' log is shown. */
public final class LogLevel {

    private static final int LIBRARIES = 2;

    private LogLevel() {}

    /** Shows it from {@code -vv} on; never at DEBUG, which costs a factor of five in rows a second. */
    public static void set(int verbosity) {
        if (verbosity >= LIBRARIES
                && LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.INFO);
        }
    }
}
