package org.rowmill.consumer.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.IntConsumer;
import org.rowmill.consumer.work.RowOutput;
import org.rowmill.schemas.protocol.ConsumerSettings;

/**
 * Runs a consumer inside the JVM of the head, so that one debugger sees both. The head calls this class by its name, in
 * a separate class loader, and passes only types of the JDK.
 */
public final class InProcess {

    private InProcess() {}

    /**
     * Computes rows until the input ends.
     *
     * @param input the settings, followed by commands of the head
     * @param output receives what rows print, with a prefix on each line
     * @param ended receives the exit code that a process would have
     * @throws IOException if the settings cannot be read
     * @throws InterruptedException if the thread is interrupted
     */
    public static void run(InputStream input, OutputStream output, IntConsumer ended)
            throws IOException, InterruptedException {
        ConsumerSettings settings = ConsumerSettings.readFrom(input);
        new ConsumerProcess(settings, new RowOutput(output), ended).run(input);
    }
}
