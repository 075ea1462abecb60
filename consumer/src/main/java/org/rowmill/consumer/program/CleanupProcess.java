package org.rowmill.consumer.program;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A shell process that cleans up after this process, however it ends. When its standard input ends, it kills the
 * programs that rows started and removes the scratch directories. It is started when it is first needed. Thread-safe.
 */
public final class CleanupProcess {

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String SCRIPT = """
            groups=
            while read -r verb group; do
                case $verb in
                watch)
                    groups="$groups $group" ;;
                end)
                    kill -s KILL -- "-$group"
                    rest=
                    for one in $groups; do
                        [ "$one" = "$group" ] || rest="$rest $one"
                    done
                    groups=$rest ;;
                esac
            done
            for one in $groups; do
                kill -s KILL -- "-$one"
            done
            rm -rf -- "$1"
            """;

    private final Path root;
    private @Nullable OutputStream commands;
    private boolean hasRoot;

    /**
     * Makes a cleanup process that is not started yet.
     *
     * @param root directory of all scratch directories of this process
     */
    public CleanupProcess(Path root) {
        this.root = root;
    }

    /** Returns the directory for files of rows. Creates it when it is first needed. */
    public synchronized Path root() throws IOException {
        if (!hasRoot) {
            start();
            Files.createDirectory(root, OWNER_ONLY); // fails if another user has created it
            hasRoot = true;
        }
        return root;
    }

    /** Kills a process group when this process ends. */
    public synchronized void watch(long group) throws IOException {
        start();
        send("watch " + group);
    }

    /** Kills what is left of a process group, and no longer watches it. */
    public synchronized void end(long group) throws IOException {
        send("end " + group);
    }

    private void start() throws IOException {
        if (commands == null) {
            commands = new ProcessBuilder(ProcessGroup.command("sh", "-c", SCRIPT, "rowmill-cleanup", root.toString()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .getOutputStream();
        }
    }

    private void send(String line) throws IOException {
        if (commands != null) {
            commands.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            commands.flush();
        }
    }
}
