package org.rowmill.producer.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** Sets how much of the log of the libraries is printed. */
public final class LogLevel {

    private static final int LEAST_VERBOSITY = 2;
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{20} %msg%n";

    private LogLevel() {}

    /** Prints it if the verbosity is 2 or more; never at DEBUG, which makes runs five times slower. */
    public static void set(int verbosity) {
        if (verbosity >= LEAST_VERBOSITY && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
            if (!root.iteratorForAppenders().hasNext()) {
                root.addAppender(standardError(context));
            }
            context.getLogger("org.apache.activemq.audit").setLevel(Level.OFF);
            root.setLevel(Level.INFO);
        }
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
