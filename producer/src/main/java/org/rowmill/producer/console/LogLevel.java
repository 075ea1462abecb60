package org.rowmill.producer.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Sets how much of the log of the libraries is printed. */
public final class LogLevel {

    private static final int LEAST_VERBOSITY = 2;

    private LogLevel() {}

    /** Prints it if the verbosity is 2 or more; never at DEBUG, which makes runs five times slower. */
    public static void set(int verbosity) {
        if (verbosity >= LEAST_VERBOSITY
                && LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.INFO);
        }
    }
}
