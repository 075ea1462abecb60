package org.rowmill.producer.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Configures the log: nothing is printed unless {@link LogLevel} changes that, because Rowmill itself prints what a user
 * must know. Logback finds this class by the service loader. Parsing a configuration file would take 0.1 s of CPU time
 * in each run.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    private static final String TEST_FILE = "logback-test.xml";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (getClass().getClassLoader().getResource(TEST_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
