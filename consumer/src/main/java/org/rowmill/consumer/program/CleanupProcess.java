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
 * A small shell process that outlives this one by a moment: when its standard input ends, however this process ended, it
 * ends the programs that rows had started and removes the scratch directories. Started when first needed. Thread-safe.
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
     * A guard, not started yet.
     *
     * @param root directory of this process's scratch directories
     */
    public CleanupProcess(Path root) {
        this.root = root;
    }

    /** Where files of a row may be put. */
    public synchronized Path root() throws IOException {
        if (!hasRoot) {
            start();
            Files.createDirectory(root, OWNER_ONLY); // fails where another user has made it
            hasRoot = true;
        }
        return root;
    }

    /** A program now runs in a process group of that number. */
    public synchronized void watch(long group) throws IOException {
        start();
        tell("watch " + group);
    }

    /** The group has served: what is left of it ends. */
    public synchronized void end(long group) throws IOException {
        tell("end " + group);
    }

    private void start() throws IOException {
        if (commands == null) {
            commands = new ProcessBuilder(ProcessGroup.command("sh", "-c", SCRIPT, "rowmill-guard", root.toString()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .getOutputStream();
        }
    }

    private void tell(String line) throws IOException {
        if (commands != null) {
            commands.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            commands.flush();
        }
    }
}
