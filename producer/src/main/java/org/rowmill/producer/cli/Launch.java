package org.rowmill.producer.cli;

import java.util.Optional;
import org.rowmill.producer.console.StandardDescriptors;
import org.rowmill.producer.launch.HeadProcess;

/**
 * The main class of producer.jar. It starts a second JVM for {@code run}, see {@link HeadProcess}: with a JVM's own
 * directory, locale and environment, which it cannot change, and with options that a jar cannot set. The second JVM
 * gets the options of the first one. If the user sets options that two JVMs cannot share, such as those of a debugger,
 * the run stays in the first JVM.
 */
public final class Launch {

    private Launch() {}

    /**
     * Runs the command line and ends the JVM with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) throws InterruptedException {
        StandardDescriptors.occupyClosed();
        Optional<HeadProcess> head = HeadProcess.of(arguments);
        if (head.isPresent()) {
            System.exit(head.get().run());
        } else {
            Producer.main(arguments);
        }
    }
}
