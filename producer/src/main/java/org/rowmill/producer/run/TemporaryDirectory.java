package org.rowmill.producer.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.producer.cache.UserCache;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.parts.NativeCompression;

/**
 * Chooses the directory for temporary files before anything is computed. Libraries unpack native code there, ours and
 * those of the project: it must be writable, have space, and permit programs.
 */
final class TemporaryDirectory {

    private static final String PROPERTY = "java.io.tmpdir";

    private TemporaryDirectory() {}

    /**
     * Loads native code from the temporary directory. If that fails, another one becomes the temporary directory of this
     * JVM and of the consumer on this computer.
     *
     * @param project root directory of the project
     * @param console for a warning
     * @throws WrongInput if no directory is usable
     */
    static void prepare(Path project, Console console) {
        Path wanted = Path.of(System.getProperty(PROPERTY)).toAbsolutePath();
        Path used = firstUsable(List.of(wanted, UserCache.directory(), project.resolve(RunDirectory.NAME)));
        if (!used.equals(wanted)) {
            System.setProperty(PROPERTY, used.toString());
            console.warn(
                    "the temporary directory " + wanted + " cannot hold programs (it is missing, full, read-only, or"
                            + " mounted with noexec). Rowmill uses " + used + " instead; to choose another:"
                            + " java -D" + PROPERTY + "=DIR -jar producer.jar run ...");
        }
    }

    private static Path firstUsable(List<Path> directories) {
        List<String> faults = new ArrayList<>();
        for (Path directory : directories) {
            try {
                Files.createDirectories(directory);
                return NativeCompression.load(List.of(directory));
            } catch (IOException e) {
                faults.add(e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
        throw new WrongInput("no directory for temporary files can hold programs (" + String.join("; ", faults)
                + "). Name one that is writable, has space, and is mounted without noexec: java -D" + PROPERTY
                + "=DIR -jar producer.jar run ...");
    }
}
