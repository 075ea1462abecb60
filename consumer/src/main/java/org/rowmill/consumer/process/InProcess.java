package org.rowmill.consumer.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.IntConsumer;
import org.rowmill.consumer.work.RowOutput;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * A consumer inside another JVM, so that one debugger sees head and row. The head calls it by name, through a class loader
 * of its own, with types of the JDK only.
 */
public final class InProcess {

    private InProcess() {}

    /**
     * Works until its input ends.
     *
     * @param input the settings, and what a consumer is told on standard input
     * @param output what rows print, each line with its row
     * @param ended is told the exit code that a process would have
     * @throws IOException when the settings cannot be read
     * @throws InterruptedException when the thread is
     */
    public static void run(InputStream input, OutputStream output, IntConsumer ended)
            throws IOException, InterruptedException {
        ConsumerSettings settings = ConsumerSettings.readFrom(input);
        new ConsumerProcess(settings, new RowOutput(output), ended).run(input);
    }
}
